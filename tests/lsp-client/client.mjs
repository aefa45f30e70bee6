// Spawns the server given on the command line, drives it with Microsoft's protocol library as an editor would,
// and prints what happened as one line of JSON: node client.mjs COMMAND [ARGUMENT...]
import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import {
  CancellationTokenSource,
  createProtocolConnection,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  InlineCompletionRequest,
  InlineCompletionTriggerKind,
  ResponseError,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  WorkDoneProgressCreateRequest,
} from "vscode-languageserver-protocol/node";

const uri = "file:///workspace/Sample.cs";
const source = `using System;

namespace Sample;

public sealed class Point
{
    private readonly int _x;
    private readonly int _y;

    public Point(int x, int y)
    {
        _x = x;
        _y =
    }
}
`;

const [command, ...args] = process.argv.slice(2);
const server = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
let stderr = "";
server.stderr.on("data", chunk => (stderr += chunk));
const exited = once(server, "exit");

const connection = createProtocolConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
const report = { unhandled: [], progress: [], errors: [] };
connection.onError(([error]) => report.errors.push(error.message));
connection.onUnhandledNotification(message => {
  (message.method === "$/progress" ? report.progress : report.unhandled).push(message.params?.value?.kind ?? message.method);
});
connection.onRequest(WorkDoneProgressCreateRequest.type, () => undefined);
const settled = new Promise(resolve => connection.onNotification("gptOss/didChangeStatus", status => status.state !== "loading" && resolve(status)));
connection.listen();

const started = performance.now();
report.initialize = await connection.sendRequest(InitializeRequest.type, {
  processId: process.pid,
  rootUri: null,
  clientInfo: { name: "lsp-client", version: "1" },
  capabilities: { window: { workDoneProgress: true }, experimental: { gptOss: { statusNotification: true } } },
});
report.initializeMs = performance.now() - started;
await connection.sendNotification(InitializedNotification.type, {});
await connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument: { uri, languageId: "csharp", version: 1, text: source } });
await connection.sendNotification(DidChangeTextDocumentNotification.type, {
  textDocument: { uri, version: 2 },
  contentChanges: [{ range: { start: { line: 12, character: 12 }, end: { line: 12, character: 12 } }, text: " " }],
});
report.status = await settled;
report.readyMs = performance.now() - started;

const ask = (triggerKind, token) =>
  connection.sendRequest(InlineCompletionRequest.type, { textDocument: { uri }, position: { line: 12, character: 13 }, context: { triggerKind } }, token);
const asked = performance.now();
report.invoked = await ask(InlineCompletionTriggerKind.Invoked);
report.invokedMs = performance.now() - asked;
report.automatic = await ask(InlineCompletionTriggerKind.Automatic);

const cancellation = new CancellationTokenSource();
const cancelled = ask(InlineCompletionTriggerKind.Invoked, cancellation.token);
cancellation.cancel();
report.cancelled = await cancelled.then(() => "answered", error => (error instanceof ResponseError ? error.code : String(error)));
report.unknown = await connection.sendRequest("textDocument/telepathy", {}).then(() => "answered", error => error.code);

report.shutdown = await connection.sendRequest(ShutdownRequest.type);
await connection.sendNotification(ExitNotification.type);
[report.exitCode] = await exited;
report.stderr = stderr;
console.log(JSON.stringify(report));
