// What the status bar says.
import type { ServerStatus } from './protocol';

/** How the connection to the server is. */
export type Health =
  | { kind: 'idle' }
  | { kind: 'starting' }
  | { kind: 'broken'; problem: string }
  /** From the server's first notification on. */
  | { kind: 'running'; status: ServerStatus };

export interface StatusText {
  text: string;
  /** Sentences, the most important first; for the tooltip and for screen readers. */
  lines: string[];
  severity: 'normal' | 'warning' | 'error';
}

/** @param offered Whether completions are on for the language in front of the person; undefined without an editor. */
export function describe(health: Health, languageId?: string, offered?: boolean): StatusText {
  const off = languageId !== undefined && offered === false ? [`Completions are off for ${languageId}.`] : [];
  const say = (icon: string, line: string, severity: StatusText['severity'] = 'normal', percent = '', more: string[] = []): StatusText =>
    ({ text: `$(${icon}) gpt-oss${percent}`, lines: [line, ...off, ...more], severity });
  switch (health.kind) {
    case 'idle':
      return say('circle-outline', 'The server is not running; it starts with the first C# file or question.');
    case 'starting':
      return say('loading~spin', 'The server is starting.');
    case 'broken':
      return say('error', health.problem, 'error');
  }

  const { state, model, loadFraction, problem, lastEmptyAnswer } = health.status;
  const last = lastEmptyAnswer === undefined ? [] : [`Last time nothing was shown: ${lastEmptyAnswer.message}`];
  const percent = loadFraction === undefined ? '' : ` ${Math.floor(loadFraction * 100)} %`;
  switch (state) {
    case 'loading':
      return say('loading~spin', problem ?? `The model is loading${percent === '' ? '' : `:${percent}`}.`, 'normal', percent, last);
    case 'failed':
      return say('error', problem ?? 'The model cannot be used.', 'error');
    case 'ready':
      return say(offered === false ? 'circle-slash' : 'sparkle', `${model ?? 'The model'} is ready.`, 'normal', '', problem === undefined ? last : [problem, ...last]);
  }
}
