// Changes that a person looks at before they are made.
import * as vscode from 'vscode';
import type { CodeAction, Range as ProtocolRange } from 'vscode-languageclient/node';
import type { Assistant } from './assistant';
import type { CommandArguments } from './protocol';

const scheme = 'gptoss-proposal';

interface ProposedFile {
  target: vscode.Uri;
  /** What the proposal was made for; undefined for a new file. */
  document: vscode.TextDocument | undefined;
  version: number | undefined;
  preview: vscode.Uri;
}

/** At most one proposal at a time: a second replaces the first. */
export class Proposals implements vscode.Disposable, vscode.TextDocumentContentProvider {
  private readonly _texts = new Map<string, string>();
  private readonly _registration: vscode.Disposable;
  private _files: ProposedFile[] = [];
  private _edit = new vscode.WorkspaceEdit();
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
  async propose(document: vscode.TextDocument, range: vscode.Range, what: { action: string; message?: string }, token?: vscode.CancellationToken): Promise<boolean | undefined> {
    const data: CommandArguments = { ...what, textDocument: { uri: document.uri.toString() }, range: toProtocol(range), version: document.version };
    return this.resolve({ title: what.message ?? what.action, data }, token);
  }

  /** The same for an action that the server has offered. */
  async compare(action: vscode.CodeAction): Promise<void> {
    await this.resolve(await (await this.assistant.client()).code2ProtocolConverter.asCodeAction(action));
  }

  /** Shows a text in the place of a range. */
  async proposeText(document: vscode.TextDocument, range: vscode.Range, text: string): Promise<boolean> {
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, range, text);
    return this.show(edit, 'Insert the code');
  }

  async accept(): Promise<void> {
    const changed = this._files.find((file) => file.document?.version !== file.version);
    if (changed !== undefined) {
      void vscode.window.showWarningMessage(`${vscode.workspace.asRelativePath(changed.target)} has changed since; ask again.`);
    } else if (this._files.length > 0 && await vscode.workspace.applyEdit(this._edit)) {
      this.end(true);
    } else if (this._files.length > 0) {
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

  /** @param token Stops it; without one there is a button. */
  private async resolve(action: CodeAction, token?: vscode.CancellationToken): Promise<boolean | undefined> {
    const { edit, title } = await this.assistant.work<CodeAction>(action.title, 'codeAction/resolve', action, token);
    if (edit === undefined) {
      return undefined;
    }

    // What is compared here needs no second confirmation by the editor.
    delete edit.changeAnnotations;
    return this.show(await (await this.assistant.client()).protocol2CodeConverter.asWorkspaceEdit(edit), title);
  }

  private async show(edit: vscode.WorkspaceEdit, title: string): Promise<boolean> {
    this.end(false);
    const files: ProposedFile[] = [];
    for (const [target, edits] of edit.entries()) {
      // What cannot be opened is to be made.
      const document = await vscode.workspace.openTextDocument(target).then((opened) => opened, () => undefined);
      const preview = target.with({ scheme, query: `${++this._made}`, fragment: '' });
      this._texts.set(preview.toString(), applied(document, edits));
      files.push({ target, document, version: document?.version, preview });
    }

    [this._edit, this._files] = [edit, files];
    const decision = new Promise<boolean>((resolve) => (this._decided = resolve));
    await vscode.commands.executeCommand('setContext', 'gptOss.hasProposal', true);
    for (const file of [...files].reverse()) {
      const before = file.document === undefined ? vscode.Uri.from({ scheme, path: file.target.path, query: 'empty' }) : file.target;
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

/** A document's text with edits applied, which do not overlap. */
function applied(document: vscode.TextDocument | undefined, edits: vscode.TextEdit[]): string {
  const offset = (position: vscode.Position) => document?.offsetAt(position) ?? 0;
  const lastFirst = edits.map((edit, index) => ({ edit, index })).sort((a, b) => b.edit.range.start.compareTo(a.edit.range.start) || b.index - a.index);
  return lastFirst.reduce((text, { edit }) => text.slice(0, offset(edit.range.start)) + edit.newText + text.slice(offset(edit.range.end)), document?.getText() ?? '');
}

export function toProtocol({ start, end }: vscode.Range): ProtocolRange {
  return { start: { line: start.line, character: start.character }, end: { line: end.line, character: end.character } };
}
