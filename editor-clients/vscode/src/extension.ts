// A thin client of gptoss-codeassist: starts it, draws, streams. It knows nothing of prompts and models.
import * as vscode from 'vscode';
import { Assistant } from './assistant';
import { ChatView } from './chat/view';
import { registerCommands, tellProblem } from './commands';
import { Proposals } from './proposals';
import { showStatus } from './statusBar';

export function activate(context: vscode.ExtensionContext): void {
  const assistant = new Assistant(context);
  const proposals = new Proposals(assistant);
  const chat = new ChatView(assistant, proposals, context.extensionUri);
  context.subscriptions.push(
    assistant,
    proposals,
    showStatus(assistant),
    vscode.window.registerWebviewViewProvider('gptOss.chatView', chat),
    registerCommands(assistant, chat, proposals, context),
    vscode.window.onDidChangeActiveTextEditor(startWhereWanted),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (assistant.restartsOn(change) && assistant.health.kind !== 'idle') {
        await assistant.restart().catch(tellProblem);
      }
    }),
  );
  startWhereWanted(vscode.window.activeTextEditor);

  if (context.globalState.get('welcomed') !== true) {
    void context.globalState.update('welcomed', true);
    void vscode.commands.executeCommand('gptOss.openWalkthrough');
  }

  // With the first file that completions are on for: a model takes memory that other windows may want.
  function startWhereWanted(editor: vscode.TextEditor | undefined): void {
    if (editor !== undefined && assistant.health.kind === 'idle' && assistant.isOffered(editor.document)) {
      assistant.client().catch(tellProblem);
    }
  }
}
