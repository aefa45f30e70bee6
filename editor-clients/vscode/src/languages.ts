// Where text is offered while somebody types.

export type LanguageSwitches = Readonly<Record<string, boolean>>;

/** A language's own switch, or else that of `*`. */
export function isOffered(languageId: string, switches: LanguageSwitches): boolean {
  return switches[languageId] ?? switches['*'] ?? false;
}

/** The switches with one language turned to the other side. */
export function toggled(languageId: string, switches: LanguageSwitches): LanguageSwitches {
  return { ...switches, [languageId]: !isOffered(languageId, switches) };
}
