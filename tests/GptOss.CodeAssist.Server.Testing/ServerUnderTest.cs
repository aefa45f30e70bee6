using System.Text.Json;
using GptOss.CodeAssist.Assistant;
using GptOss.CodeAssist.Assistant.Chat;
using GptOss.CodeAssist.Assistant.CodeActions;
using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.Settings;
using GptOss.CodeAssist.TestSupport;
using Nerdbank.Streams;

namespace GptOss.CodeAssist.Server.Testing;

/// <summary>A whole server in this process, over real frames. Disposing shuts it down as an editor does and fails on anything nobody claimed.</summary>
public sealed class ServerUnderTest : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private bool _isOver;

    private ServerUnderTest(ICompletionService completion, ScriptedEngine engine, ICompletionFeedback? feedback, IChatService? chat, ICodeActionService? actions, CSharpWorkspaces? workspaces, SettingsStore? settings, TimeProvider? time)
    {
        var (client, server) = FullDuplexStream.CreatePair();
        Engine = engine;
        Client = new LspClient(client, client);
        ExitCode = LanguageServer.RunAsync(
            server,
            server,
            new LanguageServerServices(completion, new AssistantStatusSource(engine), "1.2.3") { Feedback = feedback, Chat = chat, Actions = actions, Workspaces = workspaces, Settings = settings },
            Logger,
            time,
            _stop.Token);
    }

    public LspClient Client { get; }

    public ScriptedEngine Engine { get; }

    public CollectingLogger Logger { get; } = new();

    public Task<int> ExitCode { get; }

    /// <summary>A server that has been sent nothing yet.</summary>
    public static ServerUnderTest Start(
        ICompletionService? completion = null, ScriptedEngine? engine = null, ICompletionFeedback? feedback = null, IChatService? chat = null, ICodeActionService? actions = null,
        CSharpWorkspaces? workspaces = null, SettingsStore? settings = null, TimeProvider? time = null) =>
        new(completion ?? new ScriptedCompletionService(), engine ?? new ScriptedEngine(), feedback, chat, actions, workspaces, settings, time);

    /// <summary>A server after <c>initialize</c> and <c>initialized</c>.</summary>
    public static async Task<ServerUnderTest> StartInitializedAsync(
        ICompletionService? completion = null,
        ScriptedEngine? engine = null,
        ICompletionFeedback? feedback = null,
        string capabilities = "{}",
        IChatService? chat = null,
        ICodeActionService? actions = null,
        CSharpWorkspaces? workspaces = null,
        string folders = "[]",
        TimeProvider? time = null,
        string clientInfo = "null")
    {
        var server = Start(completion, engine, feedback, chat, actions, workspaces, time: time);
        await server.Client.RequestAsync("initialize", $$"""{"processId":null,"rootUri":null,"clientInfo":{{clientInfo}},"capabilities":{{capabilities}},"workspaceFolders":{{folders}}}""");
        await server.Client.NotifyAsync("initialized", "{}");
        return server;
    }

    public Task OpenAsync(string uri, string text, int version = 1, string languageId = "csharp") => Client.NotifyAsync(
        "textDocument/didOpen",
        $$$"""{"textDocument":{"uri":"{{{uri}}}","languageId":"{{{languageId}}}","version":{{{version}}},"text":{{{JsonSerializer.Serialize(text)}}}}}""");

    /// <summary>Asks at a caret and does not wait; trigger 1 is invoked, 2 automatic.</summary>
    public Task<PendingReply> AskAsync(string uri, int line, int character, int trigger = 2) => Client.SendAsync(
        "textDocument/inlineCompletion",
        $$$"""{"textDocument":{"uri":"{{{uri}}}"},"position":{"line":{{{line}}},"character":{{{character}}}},"context":{"triggerKind":{{{trigger}}}}}""");

    /// <summary>Tells the server to stop, as a signal does.</summary>
    public Task StopAsync() => _stop.CancelAsync();

    /// <summary>Waits for the server's end; nothing is sent when this object is disposed after it.</summary>
    public async Task<int> WaitForExitAsync()
    {
        _isOver = true;
        return await Client.Bounded(ExitCode, "the server's exit code");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isOver)
        {
            await Client.RequestAsync("shutdown");
            await Client.NotifyAsync("exit");
            var code = await WaitForExitAsync();
            if (code != 0)
            {
                throw new InvalidOperationException($"The server left with exit code {code} after shutdown and exit.\n{string.Join('\n', Logger.Lines)}");
            }
        }

        Client.AssertNothingUnclaimed();
        await Client.DisposeAsync();
        _stop.Dispose();
    }
}
