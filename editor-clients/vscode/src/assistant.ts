// The connection to the server: when it starts, what it is asked, how it is.
import * as vscode from 'vscode';
import {
  CloseAction, ErrorAction, LanguageClient, LSPErrorCodes, ProgressType, ResponseError, State, RevealOutputChannelOn,
  type ClientCapabilities, type FeatureState, type MessageSignature, type CancellationToken, type LanguageClientOptions, type StaticFeature,
} from 'vscode-languageclient/node';
import { createInterface } from 'node:readline';
import { isOffered, type LanguageSwitches } from './languages';
import { forServer } from './settings';
import { findProgram, isProgram, type Program } from './program';
import type { ChatParams, ChatPartial, ChatResult, ServerStatus } from './protocol';
import type { Health } from './statusText';

const chatProgress = new ProgressType<ChatPartial>();

export class Assistant implements vscode.Disposable {
  readonly log: vscode.LogOutputChannel;
  private readonly _changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this._changed.event;
  private _health: Health = { kind: 'idle' };
  private _client: Client | undefined;
  private _starting: Promise<Client> | undefined;
  private _chats = 0;
  /** Answers that the chat shows itself need no document of their own. */
  private _quiet = 0;

  constructor(private readonly extension: vscode.ExtensionContext) {
    this.log = vscode.window.createOutputChannel('gpt-oss', { log: true });
  }

  get health(): Health {
    return this._health;
  }

  isOffered(document: vscode.TextDocument): boolean {
    return isOffered(document.languageId, vscode.workspace.getConfiguration('gptOss', document).get<LanguageSwitches>('languages', {}));
  }

  /** @throws Error that says how to get the program. */
  program(): Program {
    return findProgram({
      setting: vscode.workspace.getConfiguration('gptOss').get('server.path', ''),
      extensionFolder: this.extension.extensionPath,
      env: process.env,
      platform: process.platform,
      isProgram,
    });
  }

  /** The running server's client, started where it is not. */
  async client(): Promise<Client> {
    this._starting ??= this.start();
    return this._starting;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.client();
  }

  async stop(): Promise<void> {
    const client = this._client;
    this._client = undefined;
    this._starting = undefined;
    await client?.dispose();
    this.become({ kind: 'idle' });
  }

  /** Asks; the pieces of the answer come first, the whole at the end. */
  async chat(params: ChatParams, tell: (partial: ChatPartial) => void, token: vscode.CancellationToken): Promise<ChatResult> {
    const client = await this.client();
    const partialResultToken = `chat-${++this._chats}`;
    const subscription = client.onProgress(chatProgress, partialResultToken, tell);
    try {
      return await client.sendRequest<ChatResult>('gptOss/chat', { ...params, partialResultToken }, token);
    } finally {
      subscription.dispose();
    }
  }

  /** Runs something that would open an answer as a document, without the document. */
  async withoutDocuments<T>(run: () => Promise<T>): Promise<T> {
    this._quiet++;
    try {
      return await run();
    } finally {
      this._quiet--;
    }
  }

  dispose(): void {
    void this.stop();
    this._changed.dispose();
    this.log.dispose();
  }

  private async start(): Promise<Client> {
    this.become({ kind: 'starting' });
    try {
      const program = this.program();
      const settings = vscode.workspace.getConfiguration('gptOss');
      const model = settings.get('model', '').trim();
      const args = [...program.args, 'serve', ...(model === '' ? [] : ['--model', model]), ...settings.get<string[]>('server.arguments', [])];
      const client = new Client('gptOss', 'gpt-oss', { command: program.command, args }, this.options());
      client.registerFeature(new StatusFeature());
      client.onNotification('gptOss/didChangeStatus', (status: ServerStatus) => this.become({ kind: 'running', status }));
      client.onDidChangeState(({ newState }) => {
        if (this._client === client && newState === State.Starting) {
          this.become({ kind: 'starting' });
        }
      });
      this._client = client;
      await client.start();
      if (this._health.kind === 'starting') {
        this.become({ kind: 'running', status: undefined });
      }

      return client;
    } catch (problem) {
      this._starting = undefined;
      this._client = undefined;
      this.become({ kind: 'broken', problem: problem instanceof Error ? problem.message : String(problem) });
      throw problem;
    }
  }

  private become(health: Health): void {
    this._health = health;
    this._changed.fire();
  }

  private options(): LanguageClientOptions {
    let ends: number[] = [];
    return {
      // Every file, so that a question may be about any; what is offered while typing is decided for each language below.
      documentSelector: [{ scheme: 'file' }, { scheme: 'untitled' }],
      outputChannel: this.log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      stdioOptions: {
        stdout: () => undefined,
        // The server writes its own levels; most lines are no errors.
        stderr: (input, channel) => createInterface({ input }).on('line', (line) => channel.info(line)),
      },
      initializationFailedHandler: () => false,
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => {
          ends = [...ends.filter((end) => end > Date.now() - 180_000), Date.now()];
          if (ends.length <= 3) {
            return { action: CloseAction.Restart, handled: true };
          }

          this._client = undefined;
          this._starting = undefined;
          this.become({ kind: 'broken', problem: 'The server ended four times within three minutes; its log says why. Check the set-up, then restart it.' });
          return { action: CloseAction.DoNotRestart, handled: true };
        },
      },
      middleware: {
        provideInlineCompletionItems: (document, position, context, token, next) =>
          context.triggerKind === vscode.InlineCompletionTriggerKind.Automatic && !this.isOffered(document) ? [] : next(document, position, context, token),
        provideCodeActions: (document, range, context, token, next) => (document.languageId === 'csharp' ? next(document, range, context, token) : []),
        workspace: {
          configuration: async (params, token, next) => {
            const values = await next(params, token);
            return Array.isArray(values) ? values.map((value: unknown, index) => (params.items[index]?.section === 'gptOss' ? forServer(value) : value)) : values;
          },
        },
        window: {
          showDocument: async (params, token, next) => {
            if (this._quiet > 0) {
              return { success: true };
            }

            if (!params.uri.endsWith('.md')) {
              return next(params, token);
            }

            await vscode.commands.executeCommand('markdown.showPreviewToSide', vscode.Uri.parse(params.uri));
            return { success: true };
          },
        },
      },
    };
  }
}

/** A client that says what the server says when something came to nothing. */
export class Client extends LanguageClient {
  override handleFailedRequest<T>(type: MessageSignature, token: CancellationToken | undefined, error: unknown, defaultValue: T, showNotification?: boolean, throwOnCancel?: boolean): T {
    if (error instanceof ResponseError && error.code === LSPErrorCodes.RequestFailed) {
      void vscode.window.showWarningMessage(error.message);
      throw new vscode.CancellationError();
    }

    return super.handleFailedRequest(type, token, error, defaultValue, showNotification, throwOnCancel);
  }
}

/** Asks for `gptOss/didChangeStatus`. */
class StatusFeature implements StaticFeature {
  fillClientCapabilities(capabilities: ClientCapabilities): void {
    capabilities.experimental = { ...(capabilities.experimental as object | undefined), gptOss: { statusNotification: true } };
  }

  initialize(): void {
    // Nothing to set up: the notification's handler is there before the server is.
  }

  getState(): FeatureState {
    return { kind: 'static' };
  }

  clear(): void {
    // Holds nothing.
  }
}
