// Choosing a model, and fetching one: what the program's own commands do, with a list and a bar.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import * as vscode from 'vscode';
import type { Assistant } from './assistant';
import { describeModel, describePull, type ListedModel, type PullLine } from './modelText';

interface Choice extends vscode.QuickPickItem {
  run?: () => Promise<void>;
}

/** Shows the models that are here and that could be. */
export async function chooseModel(assistant: Assistant): Promise<void> {
  const { models } = JSON.parse(await assistant.run('model', 'list', '--json')) as { models: ListedModel[] };
  const choices = models.map((model): Choice => ({
    ...describeModel(model),
    run: () => model.path === null ? fetchModel(assistant, model.name) : use(model.name),
  }));
  choices.push(
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    { label: '$(cloud-download) Another from the Hub…', run: () => fetchModel(assistant) },
    { label: '$(folder-opened) A file…', run: useFile },
  );
  const choice = await vscode.window.showQuickPick(choices, { title: 'Which model?', matchOnDescription: true });
  await choice?.run?.();
}

/** Fetches a model, verified and resumable; the person may stop it and go on another day. */
export async function fetchModel(assistant: Assistant, name?: string): Promise<void> {
  const wanted = name ?? await vscode.window.showInputBox({
    title: 'Which model?', value: 'gpt-oss-20b', prompt: 'gpt-oss-20b (12 GB), gpt-oss-120b (63 GB), or OWNER/REPO:FILE.gguf of the Hub',
  });
  if (wanted === undefined || wanted.trim() === '') {
    return;
  }

  const options = { location: vscode.ProgressLocation.Notification, title: `gpt-oss: fetching ${wanted}`, cancellable: true };
  const model = await vscode.window.withProgress(options, (progress, token) => pull(assistant, wanted.trim(), progress, token));
  if (model === undefined) {
    void vscode.window.showInformationMessage(`What came of ${wanted} is kept; fetching it again goes on from there.`);
  } else if (await vscode.window.showInformationMessage(`${model} is here and verified.`, 'Use It Now') !== undefined) {
    await use(model);
  }
}

/** @returns The model's name; undefined where the person stopped it. */
async function pull(assistant: Assistant, name: string, progress: vscode.Progress<{ message: string; increment: number }>, token: vscode.CancellationToken): Promise<string | undefined> {
  const { command, args, env } = assistant.invocation('model', 'pull', name, '--json');
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = token.onCancellationRequested(() => child.kill());
  let [model, said, shown] = [undefined as string | undefined, '', 0];
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = JSON.parse(line) as PullLine;
    model = event.model ?? model;
    const { message, percent } = describePull(event);
    // Verifying counts from the beginning again; a bar goes on.
    progress.report({ message, increment: Math.max(0, percent - shown) });
    shown = Math.max(percent, shown);
  });
  try {
    const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
    if (code !== 0 && !token.isCancellationRequested) {
      throw new Error(said.trim());
    }

    return token.isCancellationRequested ? undefined : model;
  } finally {
    stop.dispose();
  }
}

async function useFile(): Promise<void> {
  const [file] = await vscode.window.showOpenDialog({ title: 'Choose a model', openLabel: 'Use This Model', filters: { 'GGUF models': ['gguf'] } }) ?? [];
  if (file !== undefined) {
    await use(file.fsPath);
  }
}

/** The change of the setting restarts the server. */
async function use(model: string): Promise<void> {
  await vscode.workspace.getConfiguration('gptOss').update('model', model, vscode.ConfigurationTarget.Global);
}
