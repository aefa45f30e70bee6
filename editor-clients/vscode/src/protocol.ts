// The messages beside LSP 3.18; PROTOCOL.md in the folder above says what they mean.
import type { Range, TextDocumentIdentifier } from 'vscode-languageclient/node';

export interface EmptyAnswer {
  code: string;
  message: string;
}

/** `gptOss/status` and `gptOss/didChangeStatus`. */
export interface ServerStatus {
  state: 'loading' | 'ready' | 'failed';
  model?: string;
  loadFraction?: number;
  problem?: string;
  lastEmptyAnswer?: EmptyAnswer;
  requestsInFlight: number;
  serverVersion: string;
}

export type Effort = 'low' | 'medium' | 'high';

export interface ChatParams {
  message: string;
  conversationId?: string;
  effort?: Effort;
  textDocument?: TextDocumentIdentifier;
  range?: Range;
  useTools?: boolean;
}

export interface ChatPartial {
  kind: 'answer' | 'reasoning' | 'toolCall' | 'toolResult' | 'notice';
  text: string;
}

export interface ChatResult {
  text: string;
  reasoning?: string;
  reason?: EmptyAnswer;
  toolCalls: number;
  droppedTurns: number;
}

/** What the commands take, and the `data` of a code action. */
export interface CommandArguments {
  action?: string;
  textDocument?: TextDocumentIdentifier;
  range?: Range;
  version?: number;
  message?: string;
  conversationId?: string;
  effort?: Effort;
}

export interface CommandResult {
  markdown?: string;
  applied?: boolean;
  reason?: EmptyAnswer;
}
