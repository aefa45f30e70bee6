// What a bug report needs, without code and without settings that may hold secrets.
import type { Health } from './statusText';

export interface ReportFacts {
  extension: string;
  editor: string;
  system: string;
  health: Health;
  /** What `doctor` printed. */
  checks: string;
}

export function debugReport(facts: ReportFacts): string {
  const fence = '```';
  return [
    '### gpt-oss',
    `- extension ${facts.extension}, VS Code ${facts.editor}, ${facts.system}`,
    `- connection: ${facts.health.kind}`,
    '',
    `${fence}json`,
    JSON.stringify(facts.health, undefined, 2),
    fence,
    '',
    '### doctor',
    fence,
    facts.checks.trimEnd(),
    fence,
    '',
  ].join('\n');
}
