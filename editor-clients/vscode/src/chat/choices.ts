// What could be meant by the beginning of a command or a reference.
import * as vscode from 'vscode';
import type { Choice } from './messages';
import { slashCommands } from './slash';

const most = 20;

/** @param word Begins with a slash or a hash. */
export async function findChoices(word: string): Promise<Choice[]> {
  const end = word.indexOf(':') + 1;
  const [kind, rest] = [word.slice(0, end), word.slice(end).toLowerCase()];
  switch (kind) {
    case '#file:':
      return files(rest);
    case '#symbol:':
      return symbols(rest);
    default:
      return [...slashCommands.map(({ name, about }) => ({ text: `/${name}`, about })), ...references()].filter((choice) => choice.text.startsWith(word));
  }
}

function references(): Choice[] {
  const file = vscode.window.activeTextEditor?.document.uri;
  const open = file?.scheme === 'file' ? [{ text: `#file:${vscode.workspace.asRelativePath(file, false)}`, about: 'The file in front of you' }] : [];
  return [
    { text: '#selection', about: 'The selected code' },
    { text: '#diagnostics', about: 'The compiler’s errors and warnings' },
    ...open,
    { text: '#file:', about: 'A file of the workspace' },
    { text: '#symbol:', about: 'A type or member by its name' },
  ];
}

/** Those whose name holds what was typed before those whose folder does. */
async function files(typed: string): Promise<Choice[]> {
  const found = await vscode.workspace.findFiles('**/*', '**/{bin,obj,node_modules}/**', 10_000);
  const paths = found.map((file) => vscode.workspace.asRelativePath(file, false)).filter((path) => path.toLowerCase().includes(typed));
  const distance = (path: string) => (path.slice(path.lastIndexOf('/') + 1).toLowerCase().indexOf(typed) + 1 || 1000) * 1000 + path.length;
  return paths.sort((a, b) => distance(a) - distance(b)).slice(0, most).map((path) => ({ text: `#file:${path}`, about: '' }));
}

/** From whatever extension knows the workspace's symbols. */
async function symbols(typed: string): Promise<Choice[]> {
  const found = await vscode.commands.executeCommand<vscode.SymbolInformation[]>('vscode.executeWorkspaceSymbolProvider', typed);
  const named = new Map(found.map((symbol) => [symbol.name.replace(/\(.*$/, ''), symbol.containerName]));
  return [...named].slice(0, most).map(([name, container]) => ({ text: `#symbol:${name}`, about: container }));
}
