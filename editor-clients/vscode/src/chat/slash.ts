// The commands that begin with a slash.

export interface SlashCommand {
  name: string;
  about: string;
  /** The action of `gptOss.action` that proposes an edit; absent for what answers in words. */
  action?: 'fix' | 'tests' | 'document' | 'edit';
}

export const slashCommands: readonly SlashCommand[] = [
  { name: 'explain', about: 'Explains the member at the caret or the selection' },
  { name: 'fix', about: 'Fixes the first problem in the selection', action: 'fix' },
  { name: 'tests', about: 'Writes unit tests for the member', action: 'tests' },
  { name: 'doc', about: 'Writes the member’s documentation', action: 'document' },
  { name: 'edit', about: 'Changes the code as the rest of the line says', action: 'edit' },
  { name: 'clear', about: 'Begins a new conversation' },
  { name: 'help', about: 'Lists these commands and the references' },
];

export type Message =
  | { kind: 'question'; text: string }
  | { kind: 'command'; command: SlashCommand; rest: string }
  | { kind: 'unknown'; name: string };

/** A message that does not begin with a slash and a word is a question. */
export function parseMessage(text: string): Message {
  const match = /^\/(\p{L}+)(?:\s+([^]*))?$/u.exec(text.trim());
  if (match === null) {
    return { kind: 'question', text: text.trim() };
  }

  const command = slashCommands.find((known) => known.name === match[1]);
  return command === undefined ? { kind: 'unknown', name: match[1] ?? '' } : { kind: 'command', command, rest: (match[2] ?? '').trim() };
}

export const help = [
  ...slashCommands.map((command) => `- \`/${command.name}\` ${command.about}`),
  '',
  '`#file:path`, `#symbol:Name`, `#selection` and `#diagnostics` stand for what they name.',
].join('\n');
