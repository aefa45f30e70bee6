using System.Text.Json;
using GptOss.CodeAssist.Protocol;
using Microsoft.CodeAnalysis.Text;
using StreamJsonRpc;

namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary>As much of an editor as the demo needs: opens one document, asks for completions, takes them.</summary>
internal sealed class LanguageClient : IDisposable
{
    private const string Uri = "file:///demo/OrderService.cs";

    private readonly JsonRpc _rpc;
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _version;

    public LanguageClient(Stream toServer, Stream fromServer)
    {
        _rpc = new JsonRpc(new HeaderDelimitedMessageHandler(toServer, fromServer, new SystemTextJsonFormatter()));
        _rpc.AddLocalRpcMethod(
            typeof(LanguageClient).GetMethod(nameof(OnStatus), System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!,
            this,
            new JsonRpcMethodAttribute("gptOss/didChangeStatus") { UseSingleObjectParameterDeserialization = true });
        _rpc.Disconnected += (_, gone) => _ready.TrySetException(CommandFailure.Failed($"The server ended before its model was ready: {gone.Description}"));
        _rpc.StartListening();
    }

    public async Task InitializeAsync(CancellationToken cancellationToken)
    {
        await _rpc.InvokeWithParameterObjectAsync<JsonElement>(
            "initialize",
            new
            {
                processId = Environment.ProcessId,
                clientInfo = new { name = "gptoss-codeassist demo" },
                capabilities = new { textDocument = new { inlineCompletion = new { } }, experimental = new { gptOss = new { statusNotification = true } } },
            },
            cancellationToken);
        await _rpc.NotifyWithParameterObjectAsync("initialized", new { });
    }

    /// <summary>The loaded model's name.</summary>
    /// <exception cref="CommandFailure">It could not be loaded.</exception>
    public Task<string> WaitForModelAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(cancellationToken);

    public Task OpenAsync(SourceText text) => _rpc.NotifyWithParameterObjectAsync(
        "textDocument/didOpen", new { textDocument = new { uri = Uri, languageId = "csharp", version = ++_version, text = text.ToString() } });

    /// <summary>What the server shows at a caret; null for nothing.</summary>
    public async Task<TextChange?> CompleteAsync(SourceText text, int offset, CancellationToken cancellationToken)
    {
        var caret = text.Lines.GetLinePosition(offset);
        var answer = await _rpc.InvokeWithParameterObjectAsync<JsonElement>(
            "textDocument/inlineCompletion",
            new
            {
                textDocument = new { uri = Uri },
                position = new { line = caret.Line, character = caret.Character },
                context = new { triggerKind = InlineCompletionTriggerKind.Automatic },
            },
            cancellationToken);
        var items = answer.GetProperty("items");
        if (items.GetArrayLength() == 0)
        {
            return null;
        }

        var range = items[0].TryGetProperty("range", out var told) ? SpanOf(text, told) : new TextSpan(offset, 0);
        return new TextChange(range, items[0].GetProperty("insertText").GetString()!);
    }

    /// <summary>Tells the server that the completion was taken.</summary>
    public Task AcceptAsync(SourceText text, TextChange change)
    {
        var lines = text.Lines.GetLinePositionSpan(change.Span);
        var range = new
        {
            start = new { line = lines.Start.Line, character = lines.Start.Character },
            end = new { line = lines.End.Line, character = lines.End.Character },
        };
        return _rpc.NotifyWithParameterObjectAsync(
            "textDocument/didChange",
            new { textDocument = new { uri = Uri, version = ++_version }, contentChanges = new[] { new { range, text = change.NewText } } });
    }

    public async Task ExitAsync(CancellationToken cancellationToken)
    {
        await _rpc.InvokeWithParameterObjectAsync<JsonElement?>("shutdown", null, cancellationToken);
        await _rpc.NotifyWithParameterObjectAsync("exit");
    }

    public void Dispose() => _rpc.Dispose();

    private void OnStatus(JsonElement status)
    {
        switch (status.GetProperty("state").GetString())
        {
            case "ready":
                _ready.TrySetResult(status.GetProperty("model").GetString()!);
                break;
            case "failed":
                _ready.TrySetException(CommandFailure.Failed(status.GetProperty("problem").GetString()!));
                break;
        }
    }

    private static TextSpan SpanOf(SourceText text, JsonElement range) => text.Lines.GetTextSpan(new LinePositionSpan(PositionOf(range.GetProperty("start")), PositionOf(range.GetProperty("end"))));

    private static LinePosition PositionOf(JsonElement position) => new(position.GetProperty("line").GetInt32(), position.GetProperty("character").GetInt32());
}
