// What the status bar says.
import type { ServerStatus } from './protocol';

/** How the connection to the server is. */
export type Health =
  | { kind: 'idle' }
  | { kind: 'starting' }
  | { kind: 'broken'; problem: string }
  | { kind: 'running'; status: ServerStatus | undefined };

export interface StatusText {
  text: string;
  /** Sentences, the most important first; for the tooltip and for screen readers. */
  lines: string[];
  severity: 'normal' | 'warning' | 'error';
}

/** @param offered Whether completions are on for the language in front of the person; undefined without an editor. */
export function describe(health: Health, languageId?: string, offered?: boolean): StatusText {
  const language = languageId !== undefined && offered === false ? [`Completions are off for ${languageId}.`] : [];
  switch (health.kind) {
    case 'idle':
      return { text: '$(circle-outline) gpt-oss', lines: ['The server is not running; it starts with the first C# file or question.', ...language], severity: 'normal' };
    case 'starting':
      return { text: '$(loading~spin) gpt-oss', lines: ['The server is starting.', ...language], severity: 'normal' };
    case 'broken':
      return { text: '$(error) gpt-oss', lines: [health.problem, ...language], severity: 'error' };
    case 'running':
      return describeServer(health.status, language, offered);
  }
}

function describeServer(status: ServerStatus | undefined, language: string[], offered: boolean | undefined): StatusText {
  if (status === undefined) {
    return { text: '$(loading~spin) gpt-oss', lines: ['The server is starting.', ...language], severity: 'normal' };
  }

  const last = status.lastEmptyAnswer === undefined ? [] : [`Last time nothing was shown: ${status.lastEmptyAnswer.message}`];
  switch (status.state) {
    case 'loading': {
      const percent = status.loadFraction === undefined ? '' : ` ${Math.floor(status.loadFraction * 100)} %`;
      return { text: `$(loading~spin) gpt-oss${percent}`, lines: [`The model is loading${percent === '' ? '' : `:${percent}`}.`, ...language, ...last], severity: 'normal' };
    }
    case 'failed':
      return { text: '$(error) gpt-oss', lines: [status.problem ?? 'The model cannot be used.', ...language], severity: 'error' };
    case 'ready':
      return {
        text: offered === false ? '$(circle-slash) gpt-oss' : '$(sparkle) gpt-oss',
        lines: [`${status.model ?? 'The model'} is ready.`, ...(status.problem === undefined ? [] : [status.problem]), ...language, ...last],
        severity: 'normal',
      };
  }
}
