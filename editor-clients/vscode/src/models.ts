// Choosing a model, and fetching one: the program lists them, and its server fetches and shows how far it is.
import * as vscode from 'vscode';
import type { Assistant } from './assistant';
import { describeModel, type ListedModel } from './modelText';

/** Shows the models that are here and that could be. */
export async function chooseModel(assistant: Assistant): Promise<void> {
  const { models } = JSON.parse(await assistant.run('model', 'list', '--json')) as { models: ListedModel[] };
  const choices = models.map((model): vscode.QuickPickItem & { run?: () => Promise<void> } => ({
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

  const model = wanted.trim();
  await assistant.work(`fetching ${model}; stopped, it goes on another time`, 'workspace/executeCommand', { command: 'gptOss.pullModel', arguments: [model] });
  if (await vscode.window.showInformationMessage(`${model} is here and verified.`, 'Use It Now') !== undefined) {
    await use(model);
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
