// What can be done from the palette and the status bar.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import type { Assistant } from './assistant';
import type { ChatView } from './chat/view';
import { toggled, type LanguageSwitches } from './languages';
import type { Proposals } from './proposals';
import { debugReport } from './report';
import { describe } from './statusText';

const run = promisify(execFile);

export function registerCommands(assistant: Assistant, chat: ChatView, proposals: Proposals, version: string): vscode.Disposable {
  const texts = new Texts();
  const handlers: Record<string, () => unknown> = {
    'gptOss.openChat': () => chat.open(),
    'gptOss.clearChat': () => chat.clear(),
    'gptOss.askAboutSelection': () => chat.open('#selection'),
    'gptOss.editSelection': () => editSelection(proposals),
    'gptOss.acceptProposal': () => proposals.accept(),
    'gptOss.rejectProposal': () => proposals.reject(),
    'gptOss.toggleLanguage': toggleLanguage,
    'gptOss.chooseModel': () => chooseModel(),
    'gptOss.restart': () => assistant.restart(),
    'gptOss.doctor': () => doctor(assistant, texts),
    'gptOss.copyReport': () => copyReport(assistant, version),
    'gptOss.showLog': () => assistant.log.show(),
    'gptOss.showMenu': () => showMenu(assistant),
    'gptOss.openWalkthrough': () => vscode.commands.executeCommand('workbench.action.openWalkthrough', 'gptoss-codeassist.gptoss-codeassist#start', false),
  };
  const registrations = Object.entries(handlers).map(([name, handle]) => vscode.commands.registerCommand(name, async () => {
    try {
      await handle();
    } catch (problem) {
      if (!(problem instanceof vscode.CancellationError)) {
        void tellProblem(problem);
      }
    }
  }));
  return vscode.Disposable.from(texts, ...registrations);
}

/** An error with the two things that usually help. */
export async function tellProblem(problem: unknown): Promise<void> {
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
    // The server's own progress has the button that cancels.
    await proposals.propose(document, selection, { action: 'edit', message: message.trim() }, new vscode.CancellationTokenSource().token);
  }
}

async function toggleLanguage(): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (document === undefined) {
    void vscode.window.showInformationMessage('Open a file of the language first.');
    return;
  }

  const settings = vscode.workspace.getConfiguration('gptOss');
  const next = toggled(document.languageId, settings.get<LanguageSwitches>('languages', {}));
  await settings.update('languages', next, vscode.ConfigurationTarget.Global);
  vscode.window.setStatusBarMessage(`Completions are ${next[document.languageId] === true ? 'on' : 'off'} for ${document.languageId}.`, 4000);
}

async function chooseModel(): Promise<void> {
  const [file] = await vscode.window.showOpenDialog({ title: 'Choose a model', openLabel: 'Use This Model', filters: { 'GGUF models': ['gguf'] } }) ?? [];
  if (file !== undefined) {
    // The change of the setting restarts the server.
    await vscode.workspace.getConfiguration('gptOss').update('model', file.fsPath, vscode.ConfigurationTarget.Global);
  }
}

/** What a command of the program's prints; one that failed has said why as well. */
async function outputOf(assistant: Assistant, ...args: string[]): Promise<string> {
  const program = assistant.program();
  try {
    return (await run(program.command, [...program.args, ...args], { timeout: 120_000, maxBuffer: 1 << 24 })).stdout;
  } catch (problem) {
    const failed = problem as { stdout?: string; stderr?: string; message: string };
    const said = `${failed.stdout ?? ''}${failed.stderr ?? ''}`;
    return said === '' ? failed.message : said;
  }
}

async function doctor(assistant: Assistant, texts: Texts): Promise<void> {
  const text = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: 'gpt-oss: looking at the set-up…' }, () => outputOf(assistant, 'doctor'));
  await texts.show('gpt-oss doctor', text);
}

async function copyReport(assistant: Assistant, version: string): Promise<void> {
  const checks = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: 'gpt-oss: writing the report…' }, () => outputOf(assistant, 'doctor'));
  await vscode.env.clipboard.writeText(debugReport({ extension: version, editor: vscode.version, system: `${process.platform} ${process.arch}`, health: assistant.health, checks }));
  void vscode.window.showInformationMessage('The report is on the clipboard. It holds no code; read it before you paste it.');
}

async function showMenu(assistant: Assistant): Promise<void> {
  const lines = describe(assistant.health).lines;
  const item = (label: string, command: string): vscode.QuickPickItem & { command: string } => ({ label, command });
  const choice = await vscode.window.showQuickPick(
    [
      item('$(comment-discussion) Open the chat', 'gptOss.openChat'),
      item('$(circle-slash) Completions on or off for this language', 'gptOss.toggleLanguage'),
      item('$(package) Choose a model…', 'gptOss.chooseModel'),
      item('$(refresh) Restart the server', 'gptOss.restart'),
      item('$(pulse) Check the set-up', 'gptOss.doctor'),
      item('$(clippy) Copy a report for a bug', 'gptOss.copyReport'),
      item('$(output) Show the log', 'gptOss.showLog'),
    ],
    { title: 'gpt-oss', placeHolder: lines.join(' ') },
  );
  if (choice !== undefined) {
    await vscode.commands.executeCommand(choice.command);
  }
}

/** Texts to read, which no one need save. */
class Texts implements vscode.Disposable, vscode.TextDocumentContentProvider {
  private readonly _changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this._changed.event;
  private readonly _registration = vscode.workspace.registerTextDocumentContentProvider('gptoss-text', this);
  private readonly _texts = new Map<string, string>();

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this._texts.get(uri.path) ?? '';
  }

  async show(title: string, text: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme: 'gptoss-text', path: `/${title}` });
    this._texts.set(uri.path, text);
    this._changed.fire(uri);
    await vscode.window.showTextDocument(uri, { preview: true });
  }

  dispose(): void {
    this._registration.dispose();
    this._changed.dispose();
  }
}
