// What an edit of the server's makes of each file, as text to look at before it is applied.
import type { TextEdit, WorkspaceEdit } from 'vscode-languageclient/node';
import { TextDocument } from 'vscode-languageserver-textdocument';

export interface FileChange {
  uri: string;
  /** The file does not exist yet. */
  isNew: boolean;
  edits: TextEdit[];
  /** The version that the edits were made for; undefined where the server did not say. */
  version: number | undefined;
}

/** @throws Error for what the server never sends: renames, deletions, snippets. */
export function changesOf(edit: WorkspaceEdit): FileChange[] {
  if (edit.documentChanges === undefined) {
    return Object.entries(edit.changes ?? {}).map(([uri, edits]) => ({ uri, isNew: false, edits, version: undefined }));
  }

  const files = new Map<string, FileChange>();
  for (const change of edit.documentChanges) {
    if ('kind' in change) {
      if (change.kind !== 'create') {
        throw new Error(`The server wants to ${change.kind} a file, which this client does not do.`);
      }

      files.set(change.uri, { uri: change.uri, isNew: true, edits: [], version: undefined });
      continue;
    }

    const uri = change.textDocument.uri;
    const file = files.get(uri) ?? { uri, isNew: false, edits: [], version: undefined };
    file.version = change.textDocument.version ?? undefined;
    file.edits.push(...change.edits.map((one) => {
      if (!('newText' in one)) {
        throw new Error('The server sent a snippet, which this client does not insert.');
      }

      return one;
    }));
    files.set(uri, file);
  }

  return [...files.values()];
}

/** A text with edits applied. */
export function applied(uri: string, text: string, edits: TextEdit[]): string {
  return TextDocument.applyEdits(TextDocument.create(uri, '', 0, text), edits);
}
