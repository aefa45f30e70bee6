using System.Text.Json.Serialization.Metadata;
using GptOss.CodeAssist.Protocol;
using GptOss.CodeAssist.Rpc;
using GptOss.CodeAssist.Server.Handlers;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Server;

/// <summary>Every method that an editor may call, one line each: name, mode, shapes, handler.</summary>
internal sealed class MethodTable(RpcConnection connection, Session session)
{
    /// <summary>Methods that editors are known to send unasked and that this server does not have.</summary>
    private static readonly string[] Unsupported =
    [
        "textDocument/hover", "textDocument/definition", "textDocument/documentSymbol",
        "textDocument/semanticTokens/full", "textDocument/diagnostic", "textDocument/foldingRange", "textDocument/documentHighlight", "textDocument/inlayHint",
        "workspace/symbol",
    ];

    /// <summary>Notifications that are heard so that they are no error, and need nothing done.</summary>
    private static readonly string[] Ignored = ["$/setTrace"];

    public static void AddAll(MethodTable table, LanguageServerServices services, StatusReporter status, EditorProcessWatch editor, AnswerDocuments answers, PersonQuestions questions, EditorSettings settings, RunningWorks works, RpcConnection connection, ILogger logger, TimeProvider time)
    {
        var json = ProtocolJson.Default;
        var completion = new InlineCompletionHandler(services.Completion, status.EmptyAnswers, logger, time);
        var entries = new CompletionHandler(services.Completion, status.EmptyAnswers, time);
        var chat = new ChatHandler(services.Chat, status.EmptyAnswers, connection, works);
        var runner = services.Actions is null ? null : new ActionRunner(services.Actions, status.EmptyAnswers, connection, works);
        var refusals = new RefusedChanges(answers, questions);
        var commands = new ExecuteCommandHandler(services.Feedback, chat, runner, answers, refusals, questions, status.EmptyAnswers, services.FetchModel is null ? null : new ModelFetchRunner(services.FetchModel, connection, works), connection);

        table.Mutating("initialize", json.InitializeParams, json.InitializeResult, new InitializeHandler(services, editor, settings, logger).Handle, Lifecycle.Uninitialized);
        table.Mutating("initialized", json.InitializedParams, json.NoResult, new InitializedHandler(status, settings, services, connection).Handle);
        table.Mutating("shutdown", json.NoParams, json.NoResult, ShutdownHandler.Handle);
        table.Mutating("exit", json.NoParams, json.NoResult, new ExitHandler(connection).Handle, Lifecycle.Uninitialized, Lifecycle.Running, Lifecycle.ShutDown);

        table.Mutating("textDocument/didOpen", json.DidOpenTextDocumentParams, json.NoResult, new DidOpenHandler(services.Completion).Handle);
        table.Mutating("textDocument/didChange", json.DidChangeTextDocumentParams, json.NoResult, new DidChangeHandler(services.Feedback, logger, time).Handle);
        table.Mutating("textDocument/didClose", json.DidCloseTextDocumentParams, json.NoResult, new DidCloseHandler(services.Workspaces).Handle);
        table.ReadOnly("textDocument/didSave", json.DidSaveTextDocumentParams, json.NoResult, DidSaveHandler.HandleAsync);

        table.Mutating("workspace/didChangeConfiguration", json.DidChangeConfigurationParams, json.NoResult, new DidChangeConfigurationHandler(settings).Handle);
        table.ReadOnly("workspace/didChangeWatchedFiles", json.DidChangeWatchedFilesParams, json.NoResult, new DidChangeWatchedFilesHandler(services.Workspaces).HandleAsync);
        table.Mutating("workspace/didChangeWorkspaceFolders", json.DidChangeWorkspaceFoldersParams, json.NoResult, new DidChangeWorkspaceFoldersHandler(services.Workspaces).Handle);

        table.ReadOnly(InlineCompletionHandler.Method, json.InlineCompletionParams, json.InlineCompletionList, completion.HandleAsync, completion.SupersedePrevious);
        table.ReadOnly(CompletionHandler.Method, json.CompletionParams, json.CompletionList, entries.HandleAsync, entries.SupersedePrevious);
        table.ReadOnly("textDocument/didFocus", json.DidFocusParams, json.NoResult, new DidFocusHandler(services.Completion).HandleAsync);

        // Mutating for the order's sake: an answer is seen before it is taken.
        table.Mutating("textDocument/didShowCompletion", json.DidShowCompletionParams, json.NoResult, new DidShowCompletionHandler(services.Feedback).Handle);
        table.Mutating("textDocument/didPartiallyAcceptCompletion", json.DidPartiallyAcceptCompletionParams, json.NoResult, new DidPartiallyAcceptCompletionHandler(services.Feedback).Handle);
        table.ReadOnly("workspace/executeCommand", json.ExecuteCommandParams, json.JsonElement, commands.HandleAsync, admit: commands.Admit);

        table.ReadOnly("textDocument/codeAction", json.CodeActionParams, json.IReadOnlyListCodeAction, new CodeActionHandler(services.Actions).HandleAsync);
        table.ReadOnly("codeAction/resolve", json.CodeAction, json.CodeAction, new CodeActionResolveHandler(runner, answers, refusals, questions).HandleAsync);
        table.ReadOnly("gptOss/chat", json.GptOssChatParams, json.GptOssChatResult, chat.HandleAsync);
        table.ReadOnly("gptOss/resetChat", json.GptOssResetChatParams, json.NoResult, new ResetChatHandler(services.Chat).HandleAsync);
        table.OutOfBand("window/workDoneProgress/cancel", json.WorkDoneProgressCancelParams, json.NoResult, new WorkDoneProgressCancelHandler(works).HandleAsync);

        table.OutOfBand("gptOss/status", json.NoParams, json.GptOssStatus, new StatusHandler(status, connection).HandleAsync);

        foreach (var name in Unsupported)
        {
            table.Refuse(name);
        }

        foreach (var name in Ignored)
        {
            table.ReadOnly(name, json.NoParams, json.NoResult, static (_, _, _) => Task.FromResult(NoResult.Instance));
        }
    }

    private void Mutating<TParams, TResult>(
        string name, JsonTypeInfo<TParams> parameters, JsonTypeInfo<TResult> result, Func<Session, TParams, TResult> handle, params Lifecycle[] allowed)
        where TParams : class
        => connection.Add(new RpcMethod<TParams, TResult>(name, RequestMode.Mutating, parameters, result, received => _ =>
        {
            Check(name, allowed is [] ? [Lifecycle.Running] : allowed);
            return Task.FromResult(handle(session, received));
        }));

    private void ReadOnly<TParams, TResult>(
        string name,
        JsonTypeInfo<TParams> parameters,
        JsonTypeInfo<TResult> result,
        Func<Snapshot, TParams, CancellationToken, Task<TResult>> handle,
        Func<TParams, Supersede<TResult>?>? supersede = null,
        Action<TParams>? admit = null)
        where TParams : class
        => connection.Add(Read(name, RequestMode.ReadOnly, parameters, result, handle, admit) with { Supersede = supersede });

    private void OutOfBand<TParams, TResult>(
        string name, JsonTypeInfo<TParams> parameters, JsonTypeInfo<TResult> result, Func<Snapshot, TParams, CancellationToken, Task<TResult>> handle)
        where TParams : class
        => connection.Add(Read(name, RequestMode.OutOfBand, parameters, result, handle));

    private void Refuse(string name) => connection.Add(new RpcMethod<NoParams, NoResult>(
        name,
        RequestMode.OutOfBand,
        ProtocolJson.Default.NoParams,
        ProtocolJson.Default.NoResult,
        _ => throw new RequestFailedException(RequestErrorCode.MethodNotFound, $"This server does not have {name}.")));

    private RpcMethod<TParams, TResult> Read<TParams, TResult>(
        string name,
        RequestMode mode,
        JsonTypeInfo<TParams> parameters,
        JsonTypeInfo<TResult> result,
        Func<Snapshot, TParams, CancellationToken, Task<TResult>> handle,
        Action<TParams>? admit = null)
        where TParams : class
        => new(name, mode, parameters, result, received =>
        {
            Check(name, [Lifecycle.Running]);
            admit?.Invoke(received);
            var snapshot = session.Current;
            return cancellationToken => handle(snapshot, received, cancellationToken);
        });

    private void Check(string name, ReadOnlySpan<Lifecycle> allowed)
    {
        var current = session.Current.Lifecycle;
        if (allowed.Contains(current))
        {
            return;
        }

        throw current switch
        {
            Lifecycle.Uninitialized => new RequestFailedException(RequestErrorCode.ServerNotInitialized, $"{name} came before initialize."),
            Lifecycle.ShutDown => new RequestFailedException(RequestErrorCode.InvalidRequest, $"{name} came after shutdown."),
            _ => new RequestFailedException(RequestErrorCode.InvalidRequest, $"{name} came a second time."),
        };
    }
}
