// What passes between the chat's page and the extension.
import type { ChatPartial, Effort } from '../protocol';

/** One question and what came of it; the page can be drawn from a list of these alone. */
export interface Turn {
  id: number;
  question: string;
  answer: string;
  reasoning: string;
  /** Look-ups and notices, one line each, in order. */
  steps: string[];
  state: 'running' | 'done' | 'stopped' | 'failed';
  /** Why there is no answer, or what became of a change. */
  note?: string;
  /** The model that is there cannot do this; another could. */
  wantsModel?: boolean;
}

/** What could stand in the place of what is being typed. */
export interface Choice {
  text: string;
  about: string;
}

export type ToPage =
  | { type: 'transcript'; turns: Turn[]; effort: Effort }
  | { type: 'turn'; turn: Turn }
  | { type: 'partial'; id: number; partial: ChatPartial }
  | { type: 'choices'; word: string; choices: Choice[] }
  | { type: 'reference'; text: string }
  | { type: 'focus' };

export type FromPage =
  | { type: 'ready' }
  | { type: 'ask'; text: string; effort: Effort }
  | { type: 'stop' }
  | { type: 'complete'; word: string }
  | { type: 'copy' | 'insert' | 'apply'; code: string };

/** Puts a piece of an answer where it belongs. */
export function append(turn: Turn, partial: ChatPartial): void {
  switch (partial.kind) {
    case 'answer':
      turn.answer += partial.text;
      break;
    case 'reasoning':
      turn.reasoning += partial.text;
      break;
    case 'toolCall':
      turn.steps.push(`Looks up ${partial.text}`);
      break;
    case 'toolResult':
      // The model's own reading; the call above says what it was.
      break;
    case 'notice':
      turn.steps.push(partial.text);
      break;
  }
}
