// The chat in the side bar: keeps the conversation, asks, and hands the page what to draw.
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { LSPErrorCodes, ResponseError } from 'vscode-languageclient/node';
import type { Assistant } from '../assistant';
import type { ChatParams, CommandArguments, CommandResult, Effort, EmptyAnswer } from '../protocol';
import { toProtocol, type Proposals } from '../proposals';
import { findChoices } from './choices';
import { append, type FromPage, type ToPage, type Turn } from './messages';
import { help, parseMessage, type SlashCommand } from './slash';

export class ChatView implements vscode.WebviewViewProvider {
  private _view: vscode.WebviewView | undefined;
  private _turns: Turn[] = [];
  private _conversation = randomUUID();
  private _running: vscode.CancellationTokenSource | undefined;
  private _waiting: ToPage[] = [];
  private _isDrawn = false;

  constructor(private readonly assistant: Assistant, private readonly proposals: Proposals, private readonly folder: vscode.Uri) {}

  async resolveWebviewView(view: vscode.WebviewView): Promise<void> {
    this._view = view;
    view.webview.options = { enableScripts: true, enableCommandUris: ['gptOss.chooseModel'], localResourceRoots: [vscode.Uri.joinPath(this.folder, 'dist'), vscode.Uri.joinPath(this.folder, 'media')] };
    view.webview.onDidReceiveMessage((message: FromPage) => void this.hear(message));
    view.onDidDispose(() => {
      this._view = undefined;
      this._isDrawn = false;
    });
    view.webview.html = await this.page(view.webview);
  }

  /** Shows the chat with something already written in it. */
  async open(reference?: string): Promise<void> {
    if (reference !== undefined) {
      this.tell({ type: 'reference', text: reference });
    }

    this.tell({ type: 'focus' });
    await vscode.commands.executeCommand('gptOss.chatView.focus');
  }

  async clear(): Promise<void> {
    this._running?.cancel();
    const forgotten = this._conversation;
    this._conversation = randomUUID();
    const wasAsked = this._turns.length > 0;
    this._turns = [];
    this.draw();
    if (wasAsked && this.assistant.health.kind === 'running') {
      await (await this.assistant.client()).sendRequest('gptOss/resetChat', { conversationId: forgotten });
    }
  }

  private async hear(message: FromPage): Promise<void> {
    switch (message.type) {
      case 'ready':
        this._isDrawn = true;
        this.draw();
        this._waiting.splice(0).forEach((waiting) => this.tell(waiting));
        break;
      case 'ask':
        await this.ask(message.text, message.effort);
        break;
      case 'stop':
        this._running?.cancel();
        break;
      case 'complete':
        this.tell({ type: 'choices', word: message.word, choices: await findChoices(message.word) });
        break;
      case 'copy':
        await vscode.env.clipboard.writeText(message.code);
        vscode.window.setStatusBarMessage('Copied.', 2000);
        break;
      case 'insert':
      case 'apply':
        await this.use(message.code, message.type === 'apply');
        break;
    }
  }

  private async ask(text: string, effort: Effort): Promise<void> {
    const message = parseMessage(text);
    if (message.kind === 'command' && message.command.name === 'clear') {
      await this.clear();
      return;
    }

    if (this._running !== undefined) {
      return;
    }

    const turn: Turn = { id: Date.now(), question: text.trim(), answer: '', reasoning: '', steps: [], state: 'running' };
    this._turns.push(turn);
    this.tell({ type: 'turn', turn });
    const running = (this._running = new vscode.CancellationTokenSource());
    try {
      if (message.kind === 'question') {
        await this.question(turn, message.text, effort, running.token);
      } else if (message.kind === 'unknown') {
        turn.note = `There is no command /${message.name}.`;
        turn.answer = help;
      } else {
        await this.command(turn, message.command, message.rest, effort, running.token);
      }

      turn.state = turn.state === 'running' ? 'done' : turn.state;
    } catch (problem) {
      const stopped = running.token.isCancellationRequested || problem instanceof vscode.CancellationError || (problem instanceof ResponseError && problem.code === LSPErrorCodes.RequestCancelled);
      turn.state = stopped ? 'stopped' : 'failed';
      turn.note = stopped ? 'Stopped.' : problem instanceof Error ? problem.message : String(problem);
    } finally {
      this._running = undefined;
      running.dispose();
      if (this._turns.includes(turn)) {
        this.tell({ type: 'turn', turn });
      }
    }
  }

  private async question(turn: Turn, message: string, effort: Effort, token: vscode.CancellationToken): Promise<void> {
    const useTools = vscode.workspace.getConfiguration('gptOss').get('chat.lookAround', true);
    const params: ChatParams = { ...place(), message, effort, useTools, conversationId: this._conversation };
    const result = await this.assistant.chat(params, (partial) => {
      append(turn, partial);
      if (this._turns.includes(turn)) {
        this.tell({ type: 'partial', id: turn.id, partial });
      }
    }, token);
    const note = result.droppedTurns > 0 ? 'The conversation has grown too long for the model; its beginning was left out.' : '';
    turn.reasoning = result.reasoning ?? turn.reasoning;
    conclude(turn, result.text, result.reason, note);
  }

  private async command(turn: Turn, command: SlashCommand, rest: string, effort: Effort, token: vscode.CancellationToken): Promise<void> {
    if (command.name === 'help') {
      turn.answer = help;
      return;
    }

    const editor = vscode.window.activeTextEditor;
    if (editor === undefined) {
      throw new Error('Open the file that this is about first.');
    }

    if (command.action === undefined) {
      const params: CommandArguments = { ...place(), effort, ...(rest === '' ? {} : { message: rest }) };
      const client = await this.assistant.client();
      const result = await this.assistant.withoutDocuments(() =>
        client.sendRequest<CommandResult>('workspace/executeCommand', { command: `gptOss.${command.name}`, arguments: [params] }, token));
      conclude(turn, result.markdown ?? '', result.reason, '');
      return;
    }

    if (command.action === 'edit' && rest === '') {
      throw new Error('Say what to change: /edit make it asynchronous');
    }

    const what = { action: command.action, ...(rest === '' ? {} : { message: rest }) };
    const accepted = await this.proposals.propose(editor.document, editor.selection, what, token);
    turn.note = accepted === undefined ? 'Nothing came of it.' : accepted ? 'The change was made.' : 'The change was rejected.';
  }

  private async use(code: string, asProposal: boolean): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (editor === undefined) {
      void vscode.window.showWarningMessage('Open the file that the code belongs to, and put the caret where it should go.');
    } else if (asProposal) {
      await this.proposals.proposeText(editor.document, editor.selection, code);
    } else {
      await editor.edit((edit) => edit.replace(editor.selection, code));
    }
  }

  private draw(): void {
    const effort = vscode.workspace.getConfiguration('gptOss').get<Effort>('chat.effort', 'medium');
    this.tell({ type: 'transcript', turns: this._turns, effort });
  }

  private tell(message: ToPage): void {
    if (this._isDrawn) {
      void this._view?.webview.postMessage(message);
    } else if (message.type === 'reference' || message.type === 'focus') {
      this._waiting.push(message);
    }
  }

  private async page(webview: vscode.Webview): Promise<string> {
    const html = new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(this.folder, 'media', 'chat.html')));
    const values: Record<string, string> = { nonce: randomUUID(), source: webview.cspSource, folder: webview.asWebviewUri(this.folder).toString() };
    return html.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? '');
  }
}

function conclude(turn: Turn, answer: string, reason: EmptyAnswer | undefined, note: string): void {
  Object.assign(turn, { answer, note: reason?.message ?? note, wantsModel: reason?.code === 'cannot-chat', state: reason === undefined ? 'done' : 'failed' });
}

/** The document and the selection in front of the person. */
function place(): Pick<ChatParams, 'textDocument' | 'range'> {
  const editor = vscode.window.activeTextEditor;
  return editor === undefined ? {} : { textDocument: { uri: editor.document.uri.toString() }, range: toProtocol(editor.selection) };
}
