using System.Collections.Concurrent;
using System.Collections.Immutable;
using GptOss.CodeAssist.TestSupport.Serving;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Inference.OpenAi.Tests;

/// <summary>An engine at a server of the test's own.</summary>
internal sealed class EngineUnderTest : IAsyncDisposable, ILogger
{
    /// <summary>No test waits this long unless something is broken.</summary>
    private static readonly TimeSpan Broken = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _patience = new(Broken);
    private readonly ConcurrentQueue<string> _log = new();

    public EngineUnderTest(ServerKind kind, IReadOnlyDictionary<string, int>? specials = null, Action<ModelServer>? prepare = null, ServerKey? key = null, string? model = null, string file = "openai/gpt-oss-20b")
    {
        Server = new ModelServer(kind, specials) { Model = file };
        prepare?.Invoke(Server);
        Engine = ServerEngine.Start(new ServerEngineOptions { Address = ServerAddress.Parse(Server.Endpoint), Key = key ?? ServerKey.None, Model = model }, this, Time);
    }

    public ModelServer Server { get; }

    public TimerWatch Time { get; } = new();

    public ServerEngine Engine { get; }

    /// <summary>Everything that was logged, with exceptions.</summary>
    public string Log => string.Join('\n', _log);

    public CancellationToken Stop => _patience.Token;

    public Task<ModelDescription> ReadyAsync() => Engine.WaitForModelAsync(Stop);

    public async Task<IReadOnlyList<GenerationEvent>> AskAsync(GenerationRequest request)
    {
        var events = new List<GenerationEvent>();
        await foreach (var happened in Engine.GenerateAsync(request, Stop))
        {
            events.Add(happened);
        }

        return events;
    }

    /// <summary>What was said: special tokens in brackets, and how it ended.</summary>
    public async Task<string> SayAsync(GenerationRequest request) => Describe(await AskAsync(request));

    public static string Describe(IReadOnlyList<GenerationEvent> events)
    {
        var finished = Assert.IsType<GenerationEvent.Finished>(events[^1]);
        Assert.Single(events.OfType<GenerationEvent.Finished>());
        var text = string.Concat(events.OfType<GenerationEvent.Token>().Select(token => token.Text + (token.Special is null ? "" : $"[{token.Special}]")));
        return $"{text}{finished.RemainingText} ({finished.Reason}{(finished.StoppedBy is null ? "" : $" {finished.StoppedBy}")})";
    }

    /// <summary>A request as completion writes it for gpt-oss.</summary>
    public static GenerationRequest Prefilled(string code, int maxTokens = 32, bool heal = false) => new()
    {
        Prompt =
        [
            new PromptPart.Special("<|start|>"), new PromptPart.Text("user"), new PromptPart.Special("<|message|>"), new PromptPart.Text("Go on."), new PromptPart.Special("<|end|>"),
            new PromptPart.Special("<|start|>"), new PromptPart.Text("assistant"), new PromptPart.Special("<|channel|>"), new PromptPart.Text("final"), new PromptPart.Special("<|message|>"),
            new PromptPart.Text(code),
        ],
        MaxTokens = maxTokens,
        StopTokens = ["<|return|>", "<|end|>", "<|call|>", "<|start|>", "<|channel|>"],
        HealPromptEnd = heal,
    };

    /// <summary>The tokens that a prompt must be sent as: what is text is cut without obeying a marker in it.</summary>
    public ImmutableArray<int> Expect(IEnumerable<PromptPart> prompt) =>
        [.. prompt.SelectMany(part => part is PromptPart.Special special ? [Server.Tokenizer.Specials[special.Name]] : Server.Tokenizer.Encode(((PromptPart.Text)part).Value, []).Select(token => token.Id))];

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        await Server.DisposeAsync();
        _patience.Dispose();
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => _log.Enqueue($"{formatter(state, exception)} {exception}");
}
