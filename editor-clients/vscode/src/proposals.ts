// Changes that a person looks at before they are made.
import * as vscode from 'vscode';
import type { CodeAction, Position as ProtocolPosition, Range as ProtocolRange } from 'vscode-languageclient/node';
import type { Assistant } from './assistant';
import { applied, changesOf, type FileChange } from './editFiles';
import type { CommandArguments } from './protocol';

const scheme = 'gptoss-proposal';

interface ProposedFile {
  change: FileChange;
  target: vscode.Uri;
  /** The target's version when the proposal was made; undefined for a new file. */
  version: number | undefined;
  preview: vscode.Uri;
}

/** At most one proposal at a time: a second replaces the first. */
export class Proposals implements vscode.Disposable, vscode.TextDocumentContentProvider {
  private readonly _texts = new Map<string, string>();
  private readonly _registration: vscode.Disposable;
  private _files: ProposedFile[] = [];
  private _decided: ((accepted: boolean) => void) | undefined;
  private _made = 0;

  constructor(private readonly assistant: Assistant) {
    this._registration = vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
        if (closed.some((tab) => this._files.some((file) => isPreview(tab, file.preview)))) {
          this.end(false);
        }
      }),
    );
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this._texts.get(uri.toString()) ?? '';
  }

  /**
   * Has the server work out an action on a part of a document and shows what it would change.
   * @returns Whether the person took it; undefined where nothing came of the action, of which the person has been told.
   */
  async propose(document: vscode.TextDocument, range: vscode.Range, what: { action: string; message?: string }, token: vscode.CancellationToken): Promise<boolean | undefined> {
    const client = await this.assistant.client();
    const data: CommandArguments = { ...what, textDocument: { uri: document.uri.toString() }, range: toProtocol(range), version: document.version };
    const action: CodeAction = { title: what.message ?? what.action, data };
    const resolved = await client.sendRequest<CodeAction>('codeAction/resolve', action, token);
    return resolved.edit === undefined ? undefined : this.show(changesOf(resolved.edit), resolved.title);
  }

  /** Shows a text in the place of a range. */
  async proposeText(document: vscode.TextDocument, range: vscode.Range, text: string): Promise<boolean> {
    return this.show([{ uri: document.uri.toString(), isNew: false, edits: [{ range: toProtocol(range), newText: text }], version: undefined }], 'Insert the code');
  }

  async accept(): Promise<void> {
    const edit = new vscode.WorkspaceEdit();
    for (const file of this._files) {
      if (file.version !== undefined && (await vscode.workspace.openTextDocument(file.target)).version !== file.version) {
        void vscode.window.showWarningMessage(`${vscode.workspace.asRelativePath(file.target)} has changed since; ask again.`);
        return;
      }

      if (file.change.isNew) {
        edit.createFile(file.target, { ignoreIfExists: false });
      }

      for (const one of file.change.edits) {
        edit.replace(file.target, fromProtocol(one.range), one.newText);
      }
    }

    if (this._files.length === 0) {
      return;
    }

    if (await vscode.workspace.applyEdit(edit)) {
      this.end(true);
    } else {
      void vscode.window.showWarningMessage('The change could not be applied; see whether the files can be written.');
    }
  }

  reject(): void {
    this.end(false);
  }

  dispose(): void {
    this.end(false);
    this._registration.dispose();
  }

  private async show(changes: FileChange[], title: string): Promise<boolean> {
    this.end(false);
    const files: ProposedFile[] = [];
    for (const change of changes) {
      const target = vscode.Uri.parse(change.uri);
      const document = change.isNew ? undefined : await vscode.workspace.openTextDocument(target);
      const preview = target.with({ scheme, query: `${++this._made}`, fragment: '' });
      this._texts.set(preview.toString(), applied(change.uri, document?.getText() ?? '', change.edits));
      files.push({ change, target, version: document?.version, preview });
    }

    const [first] = files;
    if (first === undefined) {
      return false;
    }

    this._files = files;
    const decision = new Promise<boolean>((resolve) => (this._decided = resolve));
    await vscode.commands.executeCommand('setContext', 'gptOss.hasProposal', true);
    for (const file of [...files].reverse()) {
      const before = file.change.isNew ? vscode.Uri.from({ scheme, path: file.target.path, query: 'empty' }) : file.target;
      await vscode.commands.executeCommand('vscode.diff', before, file.preview, `${vscode.workspace.asRelativePath(file.target)}: ${title}`, { preview: false });
    }

    vscode.window.setStatusBarMessage('gpt-oss: Ctrl+Enter accepts the proposed change, Ctrl+Backspace rejects it.', decision);
    return decision;
  }

  private end(accepted: boolean): void {
    const files = this._files;
    this._files = [];
    this._texts.clear();
    void vscode.commands.executeCommand('setContext', 'gptOss.hasProposal', false);
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter((tab) => files.some((file) => isPreview(tab, file.preview)));
    void vscode.window.tabGroups.close(tabs);
    this._decided?.(accepted);
    this._decided = undefined;
  }
}

function isPreview(tab: vscode.Tab, preview: vscode.Uri): boolean {
  return tab.input instanceof vscode.TabInputTextDiff && tab.input.modified.toString() === preview.toString();
}

export function toProtocol(range: vscode.Range): ProtocolRange {
  const position = (at: vscode.Position): ProtocolPosition => ({ line: at.line, character: at.character });
  return { start: position(range.start), end: position(range.end) };
}

function fromProtocol(range: ProtocolRange): vscode.Range {
  return new vscode.Range(range.start.line, range.start.character, range.end.line, range.end.character);
}
