// What can be done from the palette and the status bar.
import * as vscode from 'vscode';
import { LSPErrorCodes, ResponseError } from 'vscode-languageclient/node';
import type { Assistant } from './assistant';
import type { ChatView } from './chat/view';
import { chooseModel, fetchModel } from './models';
import type { Proposals } from './proposals';
import { toggled, type LanguageSwitches } from './settings';

export function registerCommands(assistant: Assistant, chat: ChatView, proposals: Proposals, context: vscode.ExtensionContext): vscode.Disposable {
  const handlers: Record<string, (argument?: unknown) => unknown> = {
    'gptOss.openChat': () => chat.open(),
    'gptOss.clearChat': () => chat.clear(),
    'gptOss.askAboutSelection': () => chat.open('#selection'),
    'gptOss.editSelection': () => editSelection(proposals),
    'gptOss.compareAction': (action) => proposals.compare(action as vscode.CodeAction),
    'gptOss.acceptProposal': () => proposals.accept(),
    'gptOss.rejectProposal': () => proposals.reject(),
    'gptOss.toggleLanguage': toggleLanguage,
    'gptOss.chooseModel': () => chooseModel(assistant),
    'gptOss.fetchModel': (name) => fetchModel(assistant, typeof name === 'string' ? name : undefined),
    'gptOss.restart': () => assistant.restart(),
    'gptOss.doctor': () => doctor(assistant, context.globalStorageUri),
    'gptOss.copyReport': () => copyReport(assistant, context),
    'gptOss.showLog': () => assistant.log.show(),
    'gptOss.openWalkthrough': () => vscode.commands.executeCommand('workbench.action.openWalkthrough', 'gptoss-codeassist.gptoss-codeassist#start', false),
  };
  const registrations = Object.entries(handlers).map(([name, handle]) =>
    vscode.commands.registerCommand(name, (argument?: unknown) => Promise.resolve().then(() => handle(argument)).then(() => undefined, tellProblem)));
  return vscode.Disposable.from(...registrations);
}

/** What came to nothing is told; what is broken is told with the two things that usually help. */
export async function tellProblem(problem: unknown): Promise<void> {
  if (problem instanceof vscode.CancellationError || (problem instanceof ResponseError && problem.code === LSPErrorCodes.RequestCancelled)) {
    return;
  } else if (problem instanceof ResponseError && problem.code === LSPErrorCodes.RequestFailed) {
    void vscode.window.showWarningMessage(problem.message);
    return;
  }

  const [settings, log] = ['Open Settings', 'Show Log'];
  const choice = await vscode.window.showErrorMessage(`gpt-oss: ${problem instanceof Error ? problem.message : String(problem)}`, settings, log);
  if (choice === settings) {
    await vscode.commands.executeCommand('workbench.action.openSettings', 'gptOss.server');
  } else if (choice === log) {
    await vscode.commands.executeCommand('gptOss.showLog');
  }
}

async function editSelection(proposals: Proposals): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) {
    return;
  }

  const { document, selection } = editor;
  const message = await vscode.window.showInputBox({ title: 'What should change?', prompt: selection.isEmpty ? 'The member at the caret is changed.' : 'The selected members are changed.', placeHolder: 'make it asynchronous' });
  if (message !== undefined && message.trim() !== '') {
    await proposals.propose(document, selection, { action: 'edit', message: message.trim() });
  }
}

async function toggleLanguage(): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (document === undefined) {
    throw new Error('Open a file of the language first.');
  }

  const settings = vscode.workspace.getConfiguration('gptOss');
  const next = toggled(document.languageId, settings.get<LanguageSwitches>('languages', {}));
  await settings.update('languages', next, vscode.ConfigurationTarget.Global);
  vscode.window.setStatusBarMessage(`Completions are ${next[document.languageId] === true ? 'on' : 'off'} for ${document.languageId}.`, 4000);
}

async function doctor(assistant: Assistant, storage: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand('markdown.showPreview', (await examine(assistant, storage)).file);
}

async function copyReport(assistant: Assistant, context: vscode.ExtensionContext): Promise<void> {
  const { page } = await examine(assistant, context.globalStorageUri);
  const { version } = context.extension.packageJSON as { version: string };
  const about = `## The extension\n\n- ${version}, VS Code ${vscode.version}, ${process.platform} ${process.arch}\n- connection: ${JSON.stringify(assistant.health)}\n`;
  await vscode.env.clipboard.writeText(`${about}\n${page}`);
  void vscode.window.showInformationMessage('The report is on the clipboard. It holds no code; read it before you paste it.');
}

/** Has the program's doctor write its page. */
async function examine(assistant: Assistant, storage: vscode.Uri): Promise<{ file: vscode.Uri; page: string }> {
  const { fs, workspaceFolders } = vscode.workspace;
  const file = vscode.Uri.joinPath(storage, 'doctor.md');
  await fs.createDirectory(storage);
  await fs.writeFile(file, new Uint8Array());
  const folder = workspaceFolders?.[0] === undefined ? [] : ['--folder', workspaceFolders[0].uri.fsPath];
  const options = { location: vscode.ProgressLocation.Notification, title: 'gpt-oss: looking at the set-up…' };
  const problem = await vscode.window.withProgress(options, () => assistant.run('doctor', '--report', file.fsPath, ...folder).then(() => undefined, (failure: unknown) => failure));
  const page = new TextDecoder().decode(await fs.readFile(file));
  // A doctor that found something wrong fails as well, and has written it.
  if (page === '') {
    throw problem;
  }

  return { file, page };
}
