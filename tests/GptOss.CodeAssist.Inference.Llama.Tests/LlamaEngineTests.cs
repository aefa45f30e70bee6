using System.Text;
using CsCheck;
using GptOss.CodeAssist.Inference.Constraints;
using GptOss.CodeAssist.Inference.Llama.Native;
using GptOss.CodeAssist.TestSupport.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.Inference.Llama.Tests;

public sealed class LlamaEngineTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_starter_model_completes_a_property()
    {
        await using var engine = StarterModel.Start();
        var model = await engine.WaitForModelAsync(Token);
        Assert.Equal(PromptStyle.FimSuffixPrefixMiddle, model.PromptStyle);
        Assert.False(model.CanChat);

        var answer = await engine.AnswerAsync(
            new GenerationRequest { Prompt = StarterModel.FillInTheMiddle("class Customer\n{\n    public string Name { ", "\n}\n"), MaxTokens = 12, StopStrings = ["\n"], HealPromptEnd = true },
            Token);

        Assert.StartsWith("get; set; }", answer.Text.Trim(), StringComparison.Ordinal);
        Assert.Equal((FinishReason.EndOfGeneration, "<|endoftext|>"), (answer.Finished.Reason, answer.Finished.StoppedBy));
        Assert.DoesNotContain('\n', answer.Text);
        Assert.All(answer.Tokens, token => Assert.InRange(token.LogProbability, -30, 0));
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    public async Task Several_threads_say_what_one_says(int threads, int batchThreads)
    {
        var request = Complete(SampleCode.Source, 400) with { MaxTokens = 3, Sampling = SamplingOptions.Greedy };
        await using var alone = StarterModel.Start(options => options with { Threads = 1, BatchThreads = 1 });
        await using var together = StarterModel.Start(options => options with { Threads = threads, BatchThreads = batchThreads });

        Assert.Equal((await alone.AnswerAsync(request, Token)).Text, (await together.AnswerAsync(request, Token)).Text);
    }

    [Fact]
    public void Threads_are_kept_for_a_context_where_there_are_several()
    {
        LlamaLibrary.EnsureLoaded(folder: null, headLength: null);
        Assert.Null(ComputeThreads.Start(1));
        using var threads = ComputeThreads.Start(2);
        Assert.False(Assert.IsType<ComputeThreads>(threads).IsInvalid);
    }

    [Fact]
    public async Task The_second_of_two_equal_requests_evaluates_one_token()
    {
        await using var engine = StarterModel.Start();
        var request = Complete(SampleCode.Source, 400) with { CacheKey = "Order.cs" };

        var first = await engine.AnswerAsync(request, Token);
        var second = await engine.AnswerAsync(request, Token);

        Assert.Equal(0, first.Finished.Usage.ReusedTokens);
        Assert.Equal(1, second.Finished.Usage.EvaluatedTokens);
        Assert.Equal(first.Text, second.Text);
    }

    [Fact]
    public async Task A_warm_up_evaluates_the_prompt_and_says_nothing()
    {
        await using var engine = StarterModel.Start();
        var request = Complete(SampleCode.Source, 400) with { CacheKey = "Order.cs" };

        var warmUp = await engine.AnswerAsync(request with { MaxTokens = 0, Priority = RequestPriority.WarmUp }, Token);
        var completion = await engine.AnswerAsync(request, Token);

        Assert.Empty(warmUp.Tokens);
        Assert.Equal(1, completion.Finished.Usage.EvaluatedTokens);
    }

    [Fact]
    public async Task At_every_caret_the_healed_answer_continues_the_typed_text()
    {
        await using var engine = StarterModel.Start();
        var healedCarets = 0;
        for (var caret = 1; caret < SampleCode.Source.Length; caret += 11)
        {
            var request = Complete(SampleCode.Source, caret) with { MaxTokens = 12, CacheKey = "Order.cs" };
            var prefix = await engine.TokenizeAsync(SampleCode.Source[..caret], Token);
            var suffix = await engine.TokenizeAsync(SampleCode.Source[caret..], Token);
            var answer = await engine.AnswerAsync(request with { HealPromptEnd = true }, Token);

            var dropped = prefix.Length + suffix.Length + 3 - answer.Finished.Usage.PromptTokens;
            var said = await engine.DetokenizeAsync([.. answer.Tokens.Select(token => token.Id)], Token);
            var droppedBytes = await engine.DetokenizeAsync(prefix[^dropped..], Token);

            // What the model wrote begins with the very bytes that were dropped, and the rest is what was reported.
            Assert.InRange(dropped, 0, 4);
            Assert.Equal(droppedBytes, said[..Math.Min(said.Length, droppedBytes.Length)]);
            Assert.Equal(Encoding.UTF8.GetString(said.AsSpan(Math.Min(said.Length, droppedBytes.Length))), answer.Text);
            healedCarets += dropped > 0 ? 1 : 0;
        }

        Assert.True(healedCarets > 50, $"Healing dropped tokens at only {healedCarets} carets.");
    }

    [Fact]
    public async Task Healing_finds_the_word_that_a_token_boundary_hides()
    {
        await using var engine = StarterModel.Start();

        // "pri" is a token of its own; the model never saw it before "vate", which is always one token with it.
        var request = new GenerationRequest { Prompt = StarterModel.FillInTheMiddle("class A\n{\n    pri", "\n}\n"), MaxTokens = 1 };
        var healed = await engine.AnswerAsync(request with { HealPromptEnd = true }, Token);

        Assert.Equal("vate", healed.Text);
    }

    [Fact]
    public async Task A_constrained_answer_is_one_of_the_names()
    {
        await using var engine = StarterModel.Start();
        var prompt = StarterModel.FillInTheMiddle("class A\n{\n    void M(string text) => text.", "\n}\n");
        foreach (var name in (string[])["Zylinder", "GetHashCode", "Größe_42", "x"])
        {
            var answer = await engine.AnswerAsync(
                new GenerationRequest { Prompt = prompt, MaxTokens = 12, HealPromptEnd = true, Constraint = new NameSetConstraint([name, name + "Async"]) }, Token);
            Assert.StartsWith(name, answer.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_guide_restricts_the_answer_in_the_middle()
    {
        await using var engine = StarterModel.Start();
        var guide = new AfterDot("Qx");
        var answer = await engine.AnswerAsync(Complete("class A\n{\n    int M() => this.", 31) with { MaxTokens = 30, Guide = guide }, Token);

        Assert.NotEqual(0, guide.Asked);
        Assert.All(answer.Text.Split('.').Skip(1), part => Assert.StartsWith(part.Length > 1 ? "Qx" : part, part, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_guide_restricts_a_word_that_the_model_begins_together_with_what_stands_before_it()
    {
        await using var engine = StarterModel.Start();
        var prompt = StarterModel.FillInTheMiddle("class A\n{\n    void M(string text) => text.", "\n}\n");
        var request = new GenerationRequest { Prompt = prompt, MaxTokens = 12, HealPromptEnd = true, Guide = new AtStart("Zylinder") };

        Assert.StartsWith("Zylinder", (await engine.AnswerAsync(request, Token)).Text, StringComparison.Ordinal);
        var free = (await engine.AnswerAsync(request with { Guide = null }, Token)).Text;
        Assert.Equal(free, (await engine.AnswerAsync(request with { GuideEscape = 0 }, Token)).Text);
    }

    [Fact]
    public async Task A_grammar_holds_from_the_first_byte_to_the_last()
    {
        await using var engine = StarterModel.Start();
        var request = new GenerationRequest { Prompt = [new PromptPart.Text("int[] numbers = ")], MaxTokens = 40, Grammar = "root ::= \"[\" [0-9]{1,3} (\",\" [0-9]{1,3}){2} \"]\"" };
        var endless = request with { Grammar = "root ::= \"[\" [0-9]+ (\",\" [0-9]+){2} \"]\"" };

        foreach (var sampling in (SamplingOptions[])[SamplingOptions.Greedy, .. Enumerable.Range(1, 8).Select(seed => new SamplingOptions { Temperature = 1.5f, Seed = (uint)seed })])
        {
            // Whatever the model would rather say, three short numbers come to their end within the limit, and nothing but the end can follow.
            var whole = await engine.AnswerAsync(request with { Sampling = sampling }, Token);
            Assert.Matches(@"^\[[0-9]{1,3}(,[0-9]{1,3}){2}\]\z", whole.Text);
            Assert.Equal(FinishReason.EndOfGeneration, whole.Finished.Reason);

            // A number may be longer than the limit: then the answer is the beginning of what the grammar allows.
            var cut = await engine.AnswerAsync(endless with { Sampling = sampling }, Token);
            Assert.Matches(cut.Finished.Reason == FinishReason.TokenLimit ? @"^\[[0-9]+(,[0-9]+){0,2}[,\]]?\z" : @"^\[[0-9]+(,[0-9]+){2}\]\z", cut.Text);
        }

        var broken = await Assert.ThrowsAsync<InferenceException>(() => engine.AnswerAsync(request with { Grammar = "root ::= (" }, Token));
        Assert.Equal(InferenceError.Unsupported, broken.Error);
    }

    [Fact]
    public async Task The_same_seed_says_the_same_and_temperature_says_different_things()
    {
        await using var engine = StarterModel.Start();
        var sampling = new SamplingOptions { Temperature = 1, TopP = 0.95f, MinP = 0.01f, Seed = 3 };
        var request = Complete(SampleCode.Source, 500) with { MaxTokens = 20, Sampling = sampling };

        var answers = new List<string>();
        foreach (var seed in (uint[])[3, 3, 4, 5, 6])
        {
            answers.Add((await engine.AnswerAsync(request with { Sampling = sampling with { Seed = seed } }, Token)).Text);
        }

        Assert.Equal(answers[0], answers[1]);
        Assert.True(answers.Distinct().Count() >= 3, string.Join("\n---\n", answers));
    }

    [Fact]
    public async Task Drafting_changes_no_answer()
    {
        // F16 weights, no routing between experts and no flash attention, so that the shape of a batch does not decide between two almost equally likely tokens.
        var path = SmallModel.GetPath(new SmallModelOptions { ExpertFormat = TensorFormat.F16, Experts = 2, ExpertsUsed = 2 });
        await using var engine = LlamaEngine.Start(
            new LlamaEngineOptions { ModelPath = path, ContextLength = 2048, Threads = 1, BatchThreads = 1, FlashAttention = false, CacheType = CacheType.Full }, NullLogger.Instance);
        var drafted = 0;
        for (var start = 0; start < 600; start += 60)
        {
            var text = SampleCode.Source[start..(start + 300)];
            var request = new GenerationRequest { Prompt = [new PromptPart.Text(text)], MaxTokens = 60 };
            var plain = await engine.AnswerAsync(request, Token);

            // Random weights repeat nothing, so the model's own answer is the source: everything can be accepted, up to the end of the draft.
            var withDraft = await engine.AnswerAsync(request with { DraftSource = text + plain.Text + text }, Token);
            Assert.Equal(plain.Tokens.Select(token => token.Id), withDraft.Tokens.Select(token => token.Id));
            drafted += withDraft.Finished.Usage.DraftedTokens;
            Assert.InRange(withDraft.Finished.Usage.AcceptedTokens, 0, withDraft.Finished.Usage.DraftedTokens);
        }

        Assert.True(drafted > 0);
    }

    [Fact]
    public async Task A_given_answer_is_scored_token_for_token_with_drafting_and_without()
    {
        await using var engine = StarterModel.Start();
        var request = new GenerationRequest { Prompt = [new PromptPart.Text(SampleCode.Source)], MaxTokens = 1000, GivenAnswer = SampleCode.Source };
        var plain = await engine.AnswerAsync(request, Token);
        var drafted = await engine.AnswerAsync(request with { DraftSource = SampleCode.Source }, Token);

        Assert.Equal(SampleCode.Source, plain.Text);
        Assert.Equal(FinishReason.EndOfGeneration, plain.Finished.Reason);
        Assert.Equal(plain.Tokens.Select(token => token.Id), drafted.Tokens.Select(token => token.Id));
        Assert.True(drafted.Finished.Usage.AcceptedTokens > plain.Tokens.Length * 3 / 4, $"{drafted.Finished.Usage}");
        Assert.All(plain.Tokens.Zip(drafted.Tokens), pair => Assert.Equal(pair.First.LogProbability, pair.Second.LogProbability, tolerance: 1.5f));
    }

    [Fact]
    public async Task One_request_too_many_is_refused_in_a_sentence()
    {
        await using var engine = StarterModel.Start(options => options with { Slots = 1 });
        await engine.WaitForModelAsync(Token);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var requests = Enumerable.Range(0, 80).Select(_ => Task.Run(() => engine.AnswerAsync(Complete(SampleCode.Source, 700) with { MaxTokens = 1000, IgnoreEndOfGeneration = true }, cancellation.Token), Token)).ToList();
        var refused = await Task.WhenAny(requests);
        var error = await Assert.ThrowsAsync<InferenceException>(() => refused);
        Assert.Equal(InferenceError.QueueFull, error.Error);
        await cancellation.CancelAsync();
        foreach (var request in requests)
        {
            await Record.ExceptionAsync(() => request);
        }
    }

    [Fact]
    public async Task A_prompt_beyond_the_context_is_refused_in_a_sentence()
    {
        await using var engine = StarterModel.Start(options => options with { ContextLength = 256 });
        var error = await Assert.ThrowsAsync<InferenceException>(() => engine.AnswerAsync(Complete(SampleCode.Source + SampleCode.Source, 2000), Token));
        Assert.Equal(InferenceError.PromptTooLong, error.Error);
        var foreign = await Assert.ThrowsAsync<InferenceException>(() => engine.AnswerAsync(new GenerationRequest { Prompt = [new PromptPart.Special("<|no_such_token|>")], MaxTokens = 1 }, Token));
        Assert.Equal(InferenceError.Unsupported, foreign.Error);
    }

    [Fact]
    public async Task A_missing_model_is_a_status_and_the_answer_to_every_request()
    {
        await using var engine = LlamaEngine.Start(new LlamaEngineOptions { ModelPath = Path.Combine(AppContext.BaseDirectory, "none.gguf") }, NullLogger.Instance);
        var error = await Assert.ThrowsAsync<InferenceException>(() => engine.WaitForModelAsync(Token));
        Assert.Equal(InferenceError.ModelNotFound, error.Error);
        Assert.Equal(error.Message, Assert.IsType<EngineStatus.Failed>(engine.Status).Reason);
        await Assert.ThrowsAsync<InferenceException>(() => engine.AnswerAsync(Complete("x", 1), Token));
    }

    [Fact]
    public async Task Text_is_complete_characters_however_tokens_cut_them()
    {
        await using var engine = StarterModel.Start();
        await engine.WaitForModelAsync(Token);
        await Gen.String[Gen.OneOf(Gen.Char['a', 'e'], Gen.Char['Ω', 'ω'], Gen.Const('€')), 1, 12].SampleAsync(
            async text =>
            {
                var bytes = Encoding.UTF8.GetBytes(text);
                var answer = await engine.AnswerAsync(
                    new GenerationRequest { Prompt = [new PromptPart.Text("x = ")], MaxTokens = bytes.Length, Constraint = new BytePrefixConstraint(bytes) }, Token);
                Assert.StartsWith(text, answer.Text, StringComparison.Ordinal);
                Assert.All(answer.Tokens, token => Assert.DoesNotContain('\uFFFD', token.Text.Length <= text.Length && text.Contains(token.Text, StringComparison.Ordinal) ? token.Text : ""));
            },
            iter: 30,
            threads: 1);
    }

    private static GenerationRequest Complete(string source, int caret) => new()
    {
        Prompt = StarterModel.FillInTheMiddle(source[..Math.Min(caret, source.Length)], source[Math.Min(caret, source.Length)..]),
        MaxTokens = 16,
    };

    /// <summary>After a dot only one name may come.</summary>
    private sealed class AfterDot(string name) : IGenerationGuide
    {
        public int Asked { get; private set; }

        public IByteConstraint? FindConstraint(string answer)
        {
            Asked++;
            return answer.EndsWith('.') ? new NameSetConstraint([name]) : null;
        }
    }

    /// <summary>The answer begins with one name.</summary>
    private sealed class AtStart(string name) : IGenerationGuide
    {
        public IByteConstraint? FindConstraint(string answer) => answer.Length == 0 ? new NameSetConstraint([name]) : null;
    }
}
