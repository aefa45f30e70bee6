// The connection to the server: when it starts, what it is asked, how it is.
import * as vscode from 'vscode';
import {
  CloseAction, ErrorAction, LanguageClient, LSPErrorCodes, ProgressType, ResponseError, State, RevealOutputChannelOn,
  type CancellationToken, type InitializeParams, type LanguageClientOptions, type MessageSignature,
} from 'vscode-languageclient/node';
import { execFile } from 'node:child_process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { findProgram, isProgram, type Program } from './program';
import type { ChatParams, ChatPartial, ChatResult, ServerStatus } from './protocol';
import { isOffered, programSettings, whatWasSet, type LanguageSwitches, type SettingsSection } from './settings';
import type { Health } from './statusText';

const chatProgress = new ProgressType<ChatPartial>();

export class Assistant implements vscode.Disposable {
  readonly log: vscode.LogOutputChannel;
  private readonly _changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this._changed.event;
  private _health: Health = { kind: 'idle' };
  private _client: Client | undefined;
  private _starting: Promise<Client> | undefined;
  private _restarts: Promise<void> = Promise.resolve();
  private _sent = 0;
  /** Answers that the chat shows itself need no document of their own. */
  private _quiet = 0;

  private readonly _settings: ReturnType<typeof programSettings>;

  constructor(private readonly extension: vscode.ExtensionContext) {
    const { contributes } = extension.extension.packageJSON as { contributes: { configuration: SettingsSection[] } };
    this._settings = programSettings(contributes.configuration);
    this.log = vscode.window.createOutputChannel('gpt-oss', { log: true });
  }

  get health(): Health {
    return this._health;
  }

  isOffered(document: vscode.TextDocument): boolean {
    return isOffered(document.languageId, vscode.workspace.getConfiguration('gptOss', document).get<LanguageSwitches>('languages', {}));
  }

  /** Whether the server has to be started anew for a change of settings to count. */
  restartsOn(change: vscode.ConfigurationChangeEvent): boolean {
    const keys = this._settings.filter((setting) => setting.restarts).map((setting) => setting.key);
    return ['server', ...keys].some((key) => change.affectsConfiguration(`gptOss.${key}`));
  }

  /**
   * How to start the program; what a person has set here counts for all that it does.
   * @throws Error that says how to get the program.
   */
  private invocation(...args: string[]): Program & { env: NodeJS.ProcessEnv } {
    const program = findProgram({
      setting: vscode.workspace.getConfiguration('gptOss').get('server.path', ''),
      extensionFolder: this.extension.extensionPath,
      env: process.env,
      platform: process.platform,
      isProgram,
    });
    return { command: program.command, args: [...program.args, ...args], env: { ...process.env, GPTOSS_EDITOR_SETTINGS: JSON.stringify(this.settings()) } };
  }

  /**
   * What a command of the program's prints.
   * @throws Error with what it says where it failed.
   */
  async run(...words: string[]): Promise<string> {
    const { command, args, env } = this.invocation(...words);
    try {
      return (await promisify(execFile)(command, args, { env, timeout: 120_000, maxBuffer: 1 << 24 })).stdout;
    } catch (problem) {
      const { stderr, message } = problem as { stderr: string; message: string };
      throw new Error(stderr.trim() === '' ? message : stderr.trim(), { cause: problem });
    }
  }

  /** The running server's client, started where it is not. */
  async client(): Promise<Client> {
    this._starting ??= this.start();
    return this._starting;
  }

  /** One restart after the other, however fast they are asked for. */
  restart(): Promise<void> {
    const restarted = this._restarts.then(() => this.stop()).then(() => this.client());
    this._restarts = restarted.then(() => undefined, () => undefined);
    return restarted.then(() => undefined);
  }

  async stop(): Promise<void> {
    const [client, starting] = [this._client, this._starting];
    [this._client, this._starting] = [undefined, undefined];
    // What is still starting cannot be stopped.
    await starting?.catch(() => undefined);
    // What does not end in time is killed, and is no reason not to start anew.
    await client?.dispose().catch(() => undefined);
    this.become({ kind: 'idle' });
  }

  /** Asks; the pieces of the answer come first, the whole at the end. */
  chat(params: ChatParams, tell: (partial: ChatPartial) => void, token: vscode.CancellationToken): Promise<ChatResult> {
    return this.sendTold('gptOss/chat', params, 'partialResultToken', chatProgress, tell, token);
  }

  /** Has the server do what takes a while, which a person may stop: here, or where there is a token already. */
  async work<T>(title: string, method: string, params: object, token?: vscode.CancellationToken): Promise<T> {
    const send = (stop: vscode.CancellationToken, tell: (message?: string) => void) =>
      this.sendTold<T, { message?: string }>(method, params, 'workDoneToken', new ProgressType(), ({ message }) => tell(message), stop);
    const options = { location: vscode.ProgressLocation.Notification, title: `gpt-oss: ${title}`, cancellable: true };
    return token === undefined ? vscode.window.withProgress(options, (bar, stop) => send(stop, (message) => bar.report({ message: message ?? '' }))) : send(token, () => undefined);
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
      const { command, args, env } = this.invocation('serve', ...vscode.workspace.getConfiguration('gptOss').get<string[]>('server.arguments', []));
      const client = new Client('gptOss', 'gpt-oss', { command, args, options: { env } }, this.options());
      client.onNotification('gptOss/didChangeStatus', (status: ServerStatus) => this.become({ kind: 'running', status }));
      client.onDidChangeState(({ newState }) => {
        if (this._client === client && newState === State.Starting) {
          this.become({ kind: 'starting' });
        }
      });
      this._client = client;
      await client.start();
      return client;
    } catch (problem) {
      this._starting = undefined;
      this._client = undefined;
      this.become({ kind: 'broken', problem: problem instanceof Error ? problem.message : String(problem) });
      throw problem;
    }
  }

  private async sendTold<T, P>(method: string, params: object, member: 'partialResultToken' | 'workDoneToken', type: ProgressType<P>, tell: (value: P) => void, stop: vscode.CancellationToken): Promise<T> {
    const client = await this.client();
    const name = `${member}-${++this._sent}`;
    const subscription = client.onProgress(type, name, tell);
    try {
      return await client.sendRequest<T>(method, { ...params, [member]: name }, stop);
    } finally {
      subscription.dispose();
    }
  }

  private settings(): Record<string, unknown> {
    return whatWasSet(this._settings.map((setting) => setting.key), vscode.workspace.getConfiguration('gptOss'));
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
          const isWanted = this._client !== undefined;
          if (isWanted && ends.length > 3) {
            [this._client, this._starting] = [undefined, undefined];
            this.become({ kind: 'broken', problem: 'The server ended four times within three minutes; its log says why. Check the set-up, then restart it.' });
          }

          return { action: isWanted && ends.length <= 3 ? CloseAction.Restart : CloseAction.DoNotRestart, handled: true };
        },
      },
      middleware: {
        provideInlineCompletionItems: (document, position, context, token, next) =>
          context.triggerKind === vscode.InlineCompletionTriggerKind.Automatic && !this.isOffered(document) ? [] : next(document, position, context, token),
        provideCodeActions: async (document, range, context, token, next) => {
          const actions = document.languageId === 'csharp' ? await next(document, range, context, token) : [];
          return vscode.workspace.getConfiguration('gptOss').get<boolean>('compareChanges', true) ? actions?.map(compared) : actions;
        },
        resolveCodeAction: (action, token, next) => (action.command === undefined ? next(action, token) : action),
        workspace: {
          // The server asks for this section and no other.
          configuration: (params) => params.items.map(() => this.settings()),
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

/** An action whose change is not worked out yet, as one that shows it first. */
function compared(action: vscode.CodeAction | vscode.Command): vscode.CodeAction | vscode.Command {
  if (!(action instanceof vscode.CodeAction) || action.edit !== undefined || action.command !== undefined || action.disabled !== undefined) {
    return action;
  }

  const shown = new vscode.CodeAction(action.title, action.kind);
  const command = { command: 'gptOss.compareAction', title: action.title, arguments: [action] };
  return Object.assign(shown, { command, diagnostics: action.diagnostics, isPreferred: action.isPreferred });
}

/** A client that hears of the server's status, and says what the server says when something came to nothing. */
export class Client extends LanguageClient {
  protected override fillInitializeParams(params: InitializeParams): void {
    super.fillInitializeParams(params);
    params.capabilities.experimental = { gptOss: { statusNotification: true } };
  }

  override handleFailedRequest<T>(type: MessageSignature, token: CancellationToken | undefined, error: unknown, defaultValue: T, showNotification?: boolean, throwOnCancel?: boolean): T {
    if (error instanceof ResponseError && error.code === LSPErrorCodes.RequestFailed) {
      void vscode.window.showWarningMessage(error.message);
      throw new vscode.CancellationError();
    }

    return super.handleFailedRequest(type, token, error, defaultValue, showNotification, throwOnCancel);
  }
}
