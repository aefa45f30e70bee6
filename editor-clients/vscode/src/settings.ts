// The settings: which the program hears of, and where text is offered while somebody types.
import type { WorkspaceConfiguration } from 'vscode';

/** A section of `contributes.configuration` in package.json. */
export interface SettingsSection {
  id: string;
  /** Those with the tag `restart` count when the server is started anew. */
  properties: Record<string, { tags?: string[] }>;
}

/** The program's settings, by their names below `gptOss`; the section is written from the program's own schema. */
export function programSettings(sections: readonly SettingsSection[]): { key: string; restarts: boolean }[] {
  const properties = sections.find((section) => section.id === 'gptOss.program')?.properties ?? {};
  return Object.entries(properties).map(([name, property]) => ({ key: name.slice('gptOss.'.length), restarts: property.tags?.includes('restart') ?? false }));
}

/** What a person has set, and no default: it would hide the files that other editors read as well. */
export function whatWasSet(keys: readonly string[], settings: Pick<WorkspaceConfiguration, 'get' | 'inspect'>): Record<string, unknown> {
  const isSet = (key: string): boolean => {
    const places = settings.inspect(key);
    return [places?.globalValue, places?.workspaceValue, places?.workspaceFolderValue].some((value) => value !== undefined);
  };
  return Object.fromEntries(keys.filter(isSet).map((key) => [key, settings.get(key)]));
}

export type LanguageSwitches = Readonly<Record<string, boolean>>;

/** A language's own switch, or else that of `*`. */
export function isOffered(languageId: string, switches: LanguageSwitches): boolean {
  return switches[languageId] ?? switches['*'] ?? false;
}

/** The switches with one language turned to the other side. */
export function toggled(languageId: string, switches: LanguageSwitches): LanguageSwitches {
  return { ...switches, [languageId]: !isOffered(languageId, switches) };
}
