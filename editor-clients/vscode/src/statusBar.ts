import * as vscode from 'vscode';
import type { Assistant } from './assistant';
import { describe } from './statusText';

/** The item at the bottom of the window. */
export function showStatus(assistant: Assistant): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('gptOss.status', vscode.StatusBarAlignment.Right, 100);
  item.name = 'gpt-oss';
  item.command = { title: 'Everything of gpt-oss', command: 'workbench.action.quickOpen', arguments: ['>gpt-oss: '] };
  const draw = () => {
    const document = vscode.window.activeTextEditor?.document;
    const shown = describe(assistant.health, document?.languageId, document && assistant.isOffered(document));
    item.text = shown.text;
    item.tooltip = shown.lines.join('\n\n');
    item.accessibilityInformation = { label: `gpt-oss: ${shown.lines.join(' ')}`, role: 'button' };
    item.backgroundColor = shown.severity === 'normal' ? undefined : new vscode.ThemeColor(`statusBarItem.${shown.severity}Background`);
  };
  draw();
  item.show();
  return vscode.Disposable.from(
    item,
    assistant.onDidChange(draw),
    vscode.window.onDidChangeActiveTextEditor(draw),
    vscode.workspace.onDidChangeConfiguration((change) => change.affectsConfiguration('gptOss') && draw()),
  );
}
