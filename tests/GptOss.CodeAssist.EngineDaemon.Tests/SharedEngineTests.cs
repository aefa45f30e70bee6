using System.Runtime.CompilerServices;
using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.Inference.Constraints;
using GptOss.CodeAssist.TestSupport;

namespace GptOss.CodeAssist.EngineDaemon.Tests;

/// <summary>The shared engine is the engine behind it: the same requests, events, failures and cancellations, through a socket.</summary>
public sealed class SharedEngineTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_arrives_as_it_was_and_its_events_come_back_as_they_were()
    {
        await using var under = new HostUnderTest();
        var engine = new ScriptedEngine(ScriptedEngine.HarmonyModel);
        under.CreateEngine = () => engine;
        var request = new GenerationRequest
        {
            Prompt = [new PromptPart.Special("<|start|>"), new PromptPart.Text("user\u0000 <|end|> ü🙂\r\n")],
            MaxTokens = 7,
            Sampling = new SamplingOptions { Temperature = 0.5f, TopP = 0.9f, MinP = 0.01f, Seed = uint.MaxValue },
            StopTokens = ["<|end|>"],
            StopStrings = ["\n\n"],
            HealPromptEnd = true,
            DraftSource = "draft",
            Priority = RequestPriority.Chat,
            CacheKey = "key",
            Grammar = "root ::= \"a\"",
        };
        string[] answer = ["<|channel|>", "final", "<|message|>", "text ü", "<|end|>"];
        engine.Say(answer).Say(answer);
        var direct = await engine.EventsAsync(request);

        var shared = await under.Connect().EventsAsync(request);

        Assert.Equal(direct, shared);
        var (sent, arrived) = (engine.Requests.First(), engine.Requests.Last());
        Assert.NotSame(sent, arrived);
        Assert.Equal(sent.Prompt, arrived.Prompt);
        Assert.Equal(sent.StopTokens, arrived.StopTokens);
        Assert.Equal(sent.StopStrings, arrived.StopStrings);
        Assert.Equal(sent with { Prompt = [], StopTokens = [], StopStrings = [] }, arrived with { Prompt = [], StopTokens = [], StopStrings = [] });
        Assert.Equal(Assert.IsType<EngineStatus.Ready>(engine.Status).Model.SpecialTokens, (await under.Connect().WaitForModelAsync(Stop)).SpecialTokens);
    }

    [Fact]
    public async Task Probabilities_may_be_unknown()
    {
        await using var under = new HostUnderTest { CreateEngine = () => new GatedEngine { LogProbability = float.NaN, Limit = 1 } };
        var events = await under.Connect().EventsAsync(Texts.Request());
        Assert.True(float.IsNaN(Assert.IsType<GenerationEvent.Token>(events[0]).LogProbability));
    }

    [Fact]
    public async Task Tokens_are_counted_by_the_engine()
    {
        await using var under = new HostUnderTest();
        Assert.Equal(3, await under.Connect().CountTokensAsync("123456789012", Stop));
    }

    [Fact]
    public async Task Statuses_of_the_engine_are_the_clients()
    {
        var engine = new ScriptedEngine(ScriptedEngine.HarmonyModel);
        engine.ChangeStatus(new EngineStatus.Loading(0.25));
        await using var under = new HostUnderTest { CreateEngine = () => engine };
        var client = under.Connect();
        await client.WaitForAsync<EngineStatus.Loading>(loading => loading.Fraction == 0.25);

        engine.ChangeStatus(new EngineStatus.Failed(InferenceError.ModelInvalid, "Not a model."));

        var failure = await Assert.ThrowsAsync<InferenceException>(() => client.WaitForModelAsync(Stop));
        Assert.Equal((InferenceError.ModelInvalid, "Not a model."), (failure.Error, failure.Message));
    }

    [Fact]
    public async Task Failures_keep_their_kind_and_sentence()
    {
        var engine = new ScriptedEngine(ScriptedEngine.HarmonyModel);
        engine.Script((_, _) => throw new InferenceException(InferenceError.PromptTooLong, "Too long."));
        await using var under = new HostUnderTest { CreateEngine = () => engine };
        var client = under.Connect();

        var failure = await Assert.ThrowsAsync<InferenceException>(() => client.AnswerAsync());

        Assert.Equal((InferenceError.PromptTooLong, "Too long."), (failure.Error, failure.Message));
        Assert.Equal("", await client.AnswerAsync());
    }

    [Fact]
    public async Task Cancelling_frees_the_work_at_once()
    {
        var engine = new GatedEngine();
        await using var under = new HostUnderTest { CreateEngine = () => engine };
        var client = under.Connect();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var answer = client.GenerateAsync(Texts.Request(), cancel.Token).CountAsync(cancel.Token);
        await engine.Started.Task.WaitAsync(Stop);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await answer);
        await engine.Freed.Task.WaitAsync(Stop);
    }

    [Fact]
    public async Task Leaving_the_enumeration_early_frees_the_work_at_once()
    {
        var engine = new GatedEngine { IsOpen = true };
        await using var under = new HostUnderTest { CreateEngine = () => engine };

        await foreach (var _ in under.Connect().GenerateAsync(Texts.Request(), Stop))
        {
            break;
        }

        await engine.Freed.Task.WaitAsync(Stop);
    }

    [Fact]
    public async Task A_closed_connection_frees_the_work_at_once()
    {
        var engine = new GatedEngine();
        await using var under = new HostUnderTest { CreateEngine = () => engine };
        var client = under.Connect();
        var answer = client.AnswerAsync();
        await engine.Started.Task.WaitAsync(Stop);

        await client.DisposeAsync();

        await engine.Freed.Task.WaitAsync(Stop);
        await Assert.ThrowsAsync<InferenceException>(() => answer);
    }

    [Fact]
    public async Task A_slow_reader_holds_back_its_own_answer_and_nobody_elses()
    {
        var engine = new GatedEngine { IsOpen = true, Limit = 20_000 };
        await using var under = new HostUnderTest { CreateEngine = () => engine };
        var client = under.Connect();
        await using var slow = client.GenerateAsync(Texts.Request("slow"), Stop).GetAsyncEnumerator(Stop);
        await slow.MoveNextAsync();

        // The quick one is written while the slow one is not read at all.
        var quick = await client.GenerateAsync(Texts.Request("quick"), Stop).CountAsync(Stop);

        Assert.Equal(20_000, quick);
        Assert.InRange(engine.Given["slow"], 1, 2_000);
        var rest = 1;
        while (await slow.MoveNextAsync())
        {
            rest++;
        }

        Assert.Equal(20_000, rest);
    }

    [Fact]
    public async Task Constraints_work_in_the_other_process()
    {
        var engine = new ScriptedEngine(ScriptedEngine.HarmonyModel);
        await using var under = new HostUnderTest { CreateEngine = () => engine };
        await under.Connect().AnswerAsync(Texts.Request() with { Constraint = new NameSetConstraint(["Count", "Contains"]) });

        var constraint = engine.Requests.Single().Constraint!;

        Assert.IsNotType<NameSetConstraint>(constraint);
        var state = "Count"u8.ToArray().Aggregate(constraint.Start, constraint.Advance);
        Assert.True(constraint.MayEnd(state));
        Assert.Equal(IByteConstraint.Free, constraint.Advance(state, (byte)'('));
        Assert.Equal(IByteConstraint.Rejected, constraint.Advance(state, (byte)'s'));
    }

    [Fact]
    public async Task Guides_are_asked_in_the_clients_process()
    {
        var engine = new ScriptedEngine(ScriptedEngine.HarmonyModel);
        IByteConstraint? found = null;
        engine.Script((request, _) =>
        {
            found = request.Guide!.FindConstraint("list.");
            Assert.Null(request.Guide.FindConstraint("list"));
            return AsyncEnumerable.Empty<string>();
        });
        // A clock that stands still: a slow machine is no reason to give a guide up.
        await using var under = new HostUnderTest { CreateEngine = () => engine, HostTime = new Microsoft.Extensions.Time.Testing.FakeTimeProvider() };

        await under.Connect().AnswerAsync(Texts.Request() with { Guide = new AfterDot() });

        Assert.NotNull(found);
        Assert.Equal(IByteConstraint.Rejected, found.Advance(found.Start, (byte)'x'));
        Assert.NotEqual(IByteConstraint.Rejected, found.Advance(found.Start, (byte)'A'));
    }

    private sealed class AfterDot : IGenerationGuide
    {
        public IByteConstraint? FindConstraint(string answer) => answer.EndsWith('.') ? new NameSetConstraint(["Add"]) : null;
    }

    /// <summary>Gives tokens for as long as it is open, and tells what becomes of its work.</summary>
    private sealed class GatedEngine : IInferenceEngine
    {
        public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Freed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public System.Collections.Concurrent.ConcurrentDictionary<string, int> Given { get; } = new();

        public bool IsOpen { get; init; }

        public int Limit { get; init; } = int.MaxValue;

        public float LogProbability { get; init; }

        public EngineStatus Status => new EngineStatus.Ready(ScriptedEngine.HarmonyModel);

        public event Action<EngineStatus>? StatusChanged
        {
            add { }
            remove { }
        }

        public Task<ModelDescription> WaitForModelAsync(CancellationToken cancellationToken) => Task.FromResult(ScriptedEngine.HarmonyModel);

        public ValueTask<int> CountTokensAsync(string text, CancellationToken cancellationToken) => new(text.Length);

        public async IAsyncEnumerable<GenerationEvent> GenerateAsync(GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            try
            {
                for (var given = 0; given < Limit; given++)
                {
                    Given.AddOrUpdate(Assert.IsType<PromptPart.Text>(request.Prompt[0]).Value, 1, (_, before) => before + 1);
                    Started.TrySetResult();
                    yield return new GenerationEvent.Token(given, "t", null, LogProbability);
                    if (!IsOpen && Limit == int.MaxValue)
                    {
                        await Task.Delay(Timeout.Infinite, cancellationToken);
                    }

                    cancellationToken.ThrowIfCancellationRequested();
                }
            }
            finally
            {
                Freed.TrySetResult();
            }
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
