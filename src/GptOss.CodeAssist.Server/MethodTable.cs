using System.Text.Json;
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
        var completion = new InlineCompletionHandler(services.Completion, status.EmptyAnswers, logger, time);
        var entries = new CompletionHandler(services.Completion, status.EmptyAnswers, time);
        var chat = new ChatHandler(services.Chat, status.EmptyAnswers, connection, works);
        var runner = services.Actions is null ? null : new ActionRunner(services.Actions, status.EmptyAnswers, connection, works);
        var refusals = new RefusedChanges(answers, questions);
        var commands = new ExecuteCommandHandler(services.Feedback, chat, runner, answers, refusals, questions, status.EmptyAnswers, services.FetchModel is null ? null : new ModelFetchRunner(services.FetchModel, connection, works), connection, time);

        table.Mutating<InitializeParams, InitializeResult>("initialize", new InitializeHandler(services, editor, settings, logger).Handle, Lifecycle.Uninitialized);
        table.Mutating<InitializedParams, NoResult>("initialized", new InitializedHandler(status, settings, services, connection).Handle);
        table.Mutating<NoParams, NoResult>("shutdown", ShutdownHandler.Handle);
        table.Mutating<NoParams, NoResult>("exit", new ExitHandler(connection).Handle, Lifecycle.Uninitialized, Lifecycle.Running, Lifecycle.ShutDown);

        table.Mutating<DidOpenTextDocumentParams, NoResult>("textDocument/didOpen", new DidOpenHandler(services.Completion).Handle);
        table.Mutating<DidChangeTextDocumentParams, NoResult>("textDocument/didChange", new DidChangeHandler(services.Feedback, logger, time).Handle);
        table.Mutating<DidCloseTextDocumentParams, NoResult>("textDocument/didClose", new DidCloseHandler(services.Workspaces).Handle);
        table.ReadOnly<DidSaveTextDocumentParams, NoResult>("textDocument/didSave", DidSaveHandler.HandleAsync);

        table.Mutating<DidChangeConfigurationParams, NoResult>("workspace/didChangeConfiguration", new DidChangeConfigurationHandler(settings).Handle);
        table.ReadOnly<DidChangeWatchedFilesParams, NoResult>("workspace/didChangeWatchedFiles", new DidChangeWatchedFilesHandler(services.Workspaces).HandleAsync);
        table.Mutating<DidChangeWorkspaceFoldersParams, NoResult>("workspace/didChangeWorkspaceFolders", new DidChangeWorkspaceFoldersHandler(services.Workspaces).Handle);

        table.ReadOnly<InlineCompletionParams, InlineCompletionList>(InlineCompletionHandler.Method, completion.HandleAsync, completion.SupersedePrevious);
        table.ReadOnly<CompletionParams, CompletionList>(CompletionHandler.Method, entries.HandleAsync, entries.SupersedePrevious);
        table.ReadOnly<DidFocusParams, NoResult>("textDocument/didFocus", new DidFocusHandler(services.Completion).HandleAsync);

        // Mutating for the order's sake: an answer is seen before it is taken.
        table.Mutating<DidShowCompletionParams, NoResult>("textDocument/didShowCompletion", new DidShowCompletionHandler(services.Feedback).Handle);
        table.Mutating<DidPartiallyAcceptCompletionParams, NoResult>("textDocument/didPartiallyAcceptCompletion", new DidPartiallyAcceptCompletionHandler(services.Feedback).Handle);
        table.ReadOnly<ExecuteCommandParams, JsonElement>("workspace/executeCommand", commands.HandleAsync, admit: commands.Admit);

        table.ReadOnly<CodeActionParams, IReadOnlyList<CodeAction>>("textDocument/codeAction", new CodeActionHandler(services.Actions).HandleAsync);
        table.ReadOnly<CodeAction, CodeAction>("codeAction/resolve", new CodeActionResolveHandler(runner, answers, refusals, questions).HandleAsync);
        table.ReadOnly<GptOssChatParams, GptOssChatResult>("gptOss/chat", chat.HandleAsync);
        table.ReadOnly<GptOssResetChatParams, NoResult>("gptOss/resetChat", new ResetChatHandler(services.Chat).HandleAsync);
        table.OutOfBand<WorkDoneProgressCancelParams, NoResult>("window/workDoneProgress/cancel", new WorkDoneProgressCancelHandler(works).HandleAsync);

        table.OutOfBand<NoParams, GptOssStatus>("gptOss/status", new StatusHandler(status, connection).HandleAsync);

        foreach (var name in Unsupported)
        {
            table.Refuse(name);
        }

        foreach (var name in Ignored)
        {
            table.ReadOnly<NoParams, NoResult>(name, static (_, _, _) => Task.FromResult(NoResult.Instance));
        }
    }

    private void Mutating<TParams, TResult>(
        string name, Func<Session, TParams, TResult> handle, params Lifecycle[] allowed)
        where TParams : class
        => connection.Add(new RpcMethod<TParams, TResult>(name, RequestMode.Mutating, ProtocolJson.Default, received => _ =>
        {
            Check(name, allowed is [] ? [Lifecycle.Running] : allowed);
            return Task.FromResult(handle(session, received));
        }));

    private void ReadOnly<TParams, TResult>(
        string name,
        Func<Snapshot, TParams, CancellationToken, Task<TResult>> handle,
        Func<TParams, Supersede<TResult>?>? supersede = null,
        Action<TParams>? admit = null)
        where TParams : class
        => connection.Add(Read(name, RequestMode.ReadOnly, handle, admit) with { Supersede = supersede });

    private void OutOfBand<TParams, TResult>(
        string name, Func<Snapshot, TParams, CancellationToken, Task<TResult>> handle)
        where TParams : class
        => connection.Add(Read(name, RequestMode.OutOfBand, handle));

    private void Refuse(string name) => connection.Add(new RpcMethod<NoParams, NoResult>(
        name,
        RequestMode.OutOfBand,
        ProtocolJson.Default,
        _ => throw new RequestFailedException(RequestErrorCode.MethodNotFound, $"This server does not have {name}.")));

    private RpcMethod<TParams, TResult> Read<TParams, TResult>(
        string name,
        RequestMode mode,
        Func<Snapshot, TParams, CancellationToken, Task<TResult>> handle,
        Action<TParams>? admit = null)
        where TParams : class
        => new(name, mode, ProtocolJson.Default, received =>
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
