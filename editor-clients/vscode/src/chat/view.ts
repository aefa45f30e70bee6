// The chat in the side bar: keeps the conversation, asks, and hands the page what to draw.
import { randomBytes, randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { LSPErrorCodes, ResponseError } from 'vscode-languageclient/node';
import type { Assistant } from '../assistant';
import type { ChatParams, CommandArguments, CommandResult, Effort } from '../protocol';
import { toProtocol, type Proposals } from '../proposals';
import { append, type FromPage, type ToPage, type Turn } from './messages';
import { help, parseMessage, slashCommands, type SlashCommand } from './slash';

export class ChatView implements vscode.WebviewViewProvider {
  private _view: vscode.WebviewView | undefined;
  private _turns: Turn[] = [];
  private _conversation = randomUUID();
  private _running: vscode.CancellationTokenSource | undefined;
  private _waiting: ToPage[] = [];
  private _isDrawn = false;

  constructor(private readonly assistant: Assistant, private readonly proposals: Proposals, private readonly folder: vscode.Uri) {}

  resolveWebviewView(view: vscode.WebviewView): void {
    this._view = view;
    view.webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(this.folder, 'dist'), vscode.Uri.joinPath(this.folder, 'media')] };
    view.webview.onDidReceiveMessage((message: FromPage) => void this.hear(message));
    view.onDidDispose(() => {
      this._view = undefined;
      this._isDrawn = false;
    });
    view.webview.html = this.page(view.webview);
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
      case 'clear':
        await this.clear();
        break;
      case 'attach':
        await this.attach();
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
    turn.answer = result.text;
    turn.reasoning = result.reasoning ?? turn.reasoning;
    if (result.reason !== undefined) {
      turn.state = 'failed';
      turn.note = result.reason.message;
    } else if (result.droppedTurns > 0) {
      turn.note = 'The conversation has grown too long for the model; its beginning was left out.';
    }
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
      turn.answer = result.markdown ?? '';
      turn.note = result.reason?.message ?? '';
      turn.state = result.reason === undefined ? 'done' : 'failed';
      return;
    }

    if (command.action === 'edit' && rest === '') {
      throw new Error('Say what to change: /edit make it asynchronous');
    }

    const what = { action: command.action, ...(rest === '' ? {} : { message: rest }) };
    const accepted = await this.proposals.propose(editor.document, editor.selection, what, token);
    turn.note = accepted === undefined ? 'Nothing came of it.' : accepted ? 'The change was made.' : 'The change was rejected.';
  }

  private async attach(): Promise<void> {
    const file = vscode.window.activeTextEditor?.document.uri;
    const choices: (vscode.QuickPickItem & { insert?: string })[] = [
      { label: '#selection', description: 'the selected code', insert: '#selection' },
      { label: '#diagnostics', description: 'the compiler’s errors and warnings', insert: '#diagnostics' },
      ...(file?.scheme === 'file' ? [{ label: '#file', description: vscode.workspace.asRelativePath(file), insert: `#file:${vscode.workspace.asRelativePath(file, false)}` }] : []),
      { label: '#file…', description: 'another file of the workspace' },
      { label: '#symbol…', description: 'a type or member by its name' },
    ];
    const choice = await vscode.window.showQuickPick(choices, { title: 'What is the question about?' });
    const reference = choice?.label === '#file…' ? await pickFile() : choice?.label === '#symbol…' ? await pickSymbol() : choice?.insert;
    if (reference !== undefined) {
      this.tell({ type: 'reference', text: reference });
    }
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
    this.tell({ type: 'transcript', turns: this._turns, effort, commands: slashCommands.map(({ name, about }) => ({ name, about })) });
  }

  private tell(message: ToPage): void {
    if (this._isDrawn) {
      void this._view?.webview.postMessage(message);
    } else if (message.type === 'reference' || message.type === 'focus') {
      this._waiting.push(message);
    }
  }

  private page(webview: vscode.Webview): string {
    const nonce = randomBytes(16).toString('hex');
    const at = (...parts: string[]) => webview.asWebviewUri(vscode.Uri.joinPath(this.folder, ...parts)).toString();
    return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'">
<link rel="stylesheet" href="${at('media', 'chat.css')}">
<title>gpt-oss chat</title>
</head>
<body>
<main id="turns" role="log" aria-live="polite" aria-label="Conversation" tabindex="0"></main>
<form id="ask">
<ul id="commands" role="listbox" aria-label="Commands" hidden></ul>
<textarea id="question" rows="3" aria-label="Question" aria-autocomplete="list" aria-controls="commands" placeholder="Ask about your code; / for commands, # for references"></textarea>
<div class="row">
<button type="button" id="attach" title="Add a reference">#</button>
<label>Effort <select id="effort"><option>low</option><option>medium</option><option>high</option></select></label>
<span class="space"></span>
<button type="button" id="stop" hidden>Stop</button>
<button type="submit" id="send">Ask</button>
</div>
</form>
<script nonce="${nonce}" src="${at('dist', 'chat.js')}"></script>
</body>
</html>`;
  }
}

/** The document and the selection in front of the person. */
function place(): Pick<ChatParams, 'textDocument' | 'range'> {
  const editor = vscode.window.activeTextEditor;
  return editor === undefined ? {} : { textDocument: { uri: editor.document.uri.toString() }, range: toProtocol(editor.selection) };
}

async function pickFile(): Promise<string | undefined> {
  const files = await vscode.workspace.findFiles('**/*', undefined, 5000);
  const names = files.map((file) => vscode.workspace.asRelativePath(file, false)).sort();
  const name = await vscode.window.showQuickPick(names, { title: 'Which file?' });
  return name === undefined ? undefined : `#file:${name}`;
}

async function pickSymbol(): Promise<string | undefined> {
  const name = await vscode.window.showInputBox({ title: 'Which symbol?', prompt: 'A type or member, for instance Parser or Parser.Read' });
  return name === undefined || name.trim() === '' ? undefined : `#symbol:${name.trim()}`;
}
