using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using GptOss.CodeAssist.Assistant;
using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.Inference;

namespace GptOss.CodeAssist.Cli.Measuring;

/// <summary>The measurements of <c>bench</c>, each on the engine that serves editors.</summary>
/// <param name="source">A real C# file to read, to type and to edit.</param>
internal sealed class EngineBench(IInferenceEngine engine, ICompletionService completion, ModelDescription model, string source, TimeProvider time)
{
    private const int TypedCharacters = 600;
    private const int CancelledRequests = 60;
    private const double Megabyte = 1024 * 1024;

    private readonly List<(string Prefix, string Suffix)> _typed = [];
    private int _salt;

    /// <summary>The text before and after the caret at each keystroke of <see cref="TypeAsync"/>, for the same work elsewhere.</summary>
    public IReadOnlyList<(string Prefix, string Suffix)> TypedTexts => _typed;

    /// <summary>Evaluates a prompt that shares nothing with any before it; returns milliseconds a token.</summary>
    public async Task<double> MeasurePrefillAsync(string prompt, CancellationToken cancellationToken)
    {
        var usage = await RunAsync(new GenerationRequest { Prompt = [new PromptPart.Text(prompt)], MaxTokens = 1, Priority = RequestPriority.Completion }, cancellationToken);
        return usage.Prefill.TotalMilliseconds / usage.EvaluatedTokens;
    }

    /// <summary>Writes an answer of fixed length; returns milliseconds a token.</summary>
    public async Task<double> MeasureDecodeAsync(string prompt, int tokens, CancellationToken cancellationToken)
    {
        var usage = await RunAsync(new GenerationRequest { Prompt = [new PromptPart.Text(prompt)], MaxTokens = tokens, IgnoreEndOfGeneration = true }, cancellationToken);
        return usage.Decode.TotalMilliseconds / (usage.GeneratedTokens - 1);
    }

    /// <summary>A prompt of about the given length that begins like no other.</summary>
    public string CreatePrompt(int tokens)
    {
        var text = new StringBuilder();
        text.Append(System.Globalization.CultureInfo.InvariantCulture, $"// Part {++_salt} of the measurement.\n");
        while (text.Length < tokens * 4)
        {
            text.Append(source);
        }

        return text.ToString(0, tokens * 4);
    }

    /// <summary>Types the middle of the file and asks for a completion after every keystroke.</summary>
    public async Task<TypingFigures> TypeAsync(CancellationToken cancellationToken)
    {
        _typed.Clear();
        var script = new TypingScript(source, TypedCharacters, seed: 1);
        var evaluated = new List<double>();
        var own = new List<double>();
        var total = new List<double>();
        var prompts = new List<double>();

        // A file is opened before it is typed in; its first request is the warm-up that opening makes.
        await AskAsync(script, 0, cancellationToken);
        for (var version = 1; !script.IsDone; version++)
        {
            script.Press();
            _typed.Add((script.Prefix, script.Suffix));
            var started = time.GetTimestamp();
            var answer = await AskAsync(script, version, cancellationToken);
            var elapsed = time.GetElapsedTime(started).TotalMilliseconds;
            var usage = answer.Usage;
            evaluated.Add(usage?.EvaluatedTokens ?? 0);
            total.Add(elapsed);
            own.Add(elapsed - (usage is null ? 0 : (usage.Prefill + usage.Decode).TotalMilliseconds));
            if (usage is not null)
            {
                prompts.Add(usage.PromptTokens);
            }

            script.Consider(answer.Candidates is [var first, ..] ? first.InsertText : "");
        }

        return new TypingFigures(evaluated.Count, prompts.Count, prompts.DefaultIfEmpty().Average(), Distribution.Of(evaluated), Distribution.Of(own), Distribution.Of(total));
    }

    /// <summary>Rewrites a part of the file of which four fifths stay as they are, with drafting and without.</summary>
    /// <param name="rounds">How often each is done; the median counts.</param>
    public async Task<DraftedEditFigures> MeasureDraftedEditAsync(int rounds, CancellationToken cancellationToken)
    {
        var original = CreateEditSource();
        var edited = Edit(original);
        var edit = Force(original, edited);
        var plain = new List<double>();
        var drafted = new List<double>();
        var isIdentical = true;
        GenerationUsage usage = null!;
        for (var round = 0; round < rounds; round++)
        {
            var (withoutTokens, without) = await CollectAsync(edit, cancellationToken);
            (var withTokens, usage) = await CollectAsync(edit with { DraftSource = original }, cancellationToken);
            isIdentical &= withoutTokens.SequenceEqual(withTokens);
            plain.Add(without.Decode.TotalMilliseconds);
            drafted.Add(usage.Decode.TotalMilliseconds);
        }

        var unrepeated = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            var foreign = Force(original, Shuffle(original, round));
            var (_, without) = await CollectAsync(foreign, cancellationToken);
            var (_, with) = await CollectAsync(foreign with { DraftSource = original }, cancellationToken);
            unrepeated.Add(without.Decode / with.Decode);
        }

        return new DraftedEditFigures(Median(plain) / Median(drafted), isIdentical, usage.DraftedTokens, usage.AcceptedTokens, Median(unrepeated));
    }

    /// <summary>Cancels requests in the middle of their prompt or answer and waits until the engine let go of them.</summary>
    public async Task<CancelFigures> MeasureCancelAsync(CancellationToken cancellationToken)
    {
        var times = new List<double>();
        for (var i = 0; i < CancelledRequests; i++)
        {
            // The stream ends when the request is told; that the engine is free again is known when the next one is answered at once.
            var request = new GenerationRequest { Prompt = [new PromptPart.Text(CreatePrompt(model.ContextLength / 4))], MaxTokens = 200, IgnoreEndOfGeneration = true };
            var cancelled = await StartAndCancelAsync(request, i % 5, cancellationToken);
            await RunAsync(new GenerationRequest { Prompt = [new PromptPart.Text("x")], MaxTokens = 0 }, cancellationToken);
            times.Add(time.GetElapsedTime(cancelled).TotalMilliseconds);
        }

        var distribution = Distribution.Of(times);
        return new CancelFigures(distribution.P50, distribution.P95, distribution.Max);
    }

    /// <summary>
    /// What batches of some sizes cost, the first figure a single token: a prompt that is cached but for its last tokens. A draft of as many tokens costs the same.
    /// </summary>
    public async Task<ImmutableArray<BatchFigure>> MeasureBatchesAsync(CancellationToken cancellationToken)
    {
        var cached = CreatePrompt(Math.Min(model.ContextLength / 4, 512));
        var figures = ImmutableArray.CreateBuilder<BatchFigure>();
        foreach (var size in (int[])[1, 3, 7, 15, 31, 63])
        {
            var times = new List<double>();
            var evaluated = 0;
            for (var round = 0; round < 5; round++)
            {
                // Each of these words is one token, so that only they are new.
                var added = string.Concat(Enumerable.Range(0, size).Select(i => (i + round) % 2 == 0 ? " int" : " return"));
                var request = new GenerationRequest { Prompt = [new PromptPart.Text(cached), new PromptPart.Text(added)], MaxTokens = 1, CacheKey = "batch" };
                await RunAsync(request with { Prompt = request.Prompt[..1] }, cancellationToken);
                var usage = await RunAsync(request, cancellationToken);
                times.Add(usage.Prefill.TotalMilliseconds);
                evaluated = usage.EvaluatedTokens;
            }

            figures.Add(new BatchFigure(evaluated, Median(times)));
        }

        return figures.ToImmutable();
    }

    /// <summary>Starts and cancels requests, at any time of their life, and returns how the process's memory grew by it.</summary>
    /// <param name="pairs">How many; a tenth of them go before the measurement.</param>
    public async Task<LeakFigures> MeasureLeaksAsync(int pairs, CancellationToken cancellationToken)
    {
        var (managed, resident) = (0L, 0L);
        for (var i = -(pairs / 10); i < pairs; i++)
        {
            if (i == 0)
            {
                (managed, resident) = (GC.GetTotalMemory(forceFullCollection: true), ResidentBytes());
            }

            await StartAndCancelAsync(new GenerationRequest { Prompt = [new PromptPart.Text(CreatePrompt(16 + (i & 63)))], MaxTokens = 16, IgnoreEndOfGeneration = true, CacheKey = (i % 3).ToString(System.Globalization.CultureInfo.InvariantCulture) }, i & 3, cancellationToken);
        }

        var left = GC.GetTotalMemory(forceFullCollection: true);
        return new LeakFigures(pairs, (ResidentBytes() - resident) / Megabyte, (left - managed) / Megabyte);
    }

    /// <summary>The memory of this process that is in use, in bytes.</summary>
    public static long ResidentBytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    public static double Median(IEnumerable<double> values) => Distribution.Of(values).P50;

    /// <summary>Cancels a request after so many events, and returns when.</summary>
    private async Task<long> StartAndCancelAsync(GenerationRequest request, int events, CancellationToken cancellationToken)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var (seen, cancelled) = (0, 0L);
        try
        {
            await foreach (var _ in engine.GenerateAsync(request, cancellation.Token))
            {
                if (seen++ == events)
                {
                    cancelled = time.GetTimestamp();
                    await cancellation.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Asked for above.
        }

        return cancelled;
    }

    private Task<CompletionAnswer> AskAsync(TypingScript script, int version, CancellationToken cancellationToken)
    {
        var document = new DocumentSnapshot(Path.Combine(Path.GetTempPath(), "Typed.cs"), "csharp", version, script.Document);
        return completion.CompleteAsync(new CompletionRequest(document, script.Prefix.Length, CompletionTrigger.Automatic), cancellationToken);
    }

    private string CreateEditSource()
    {
        var room = model.ContextLength * 4 / 3;
        return source[..Math.Min(source.Length, Math.Min(room, 2400))];
    }

    /// <summary>One line in five becomes another.</summary>
    private static string Edit(string text) => string.Join('\n', text.Split('\n').Select((line, i) => i % 5 == 2 && line.Trim().Length > 8 ? line.Replace(line.Trim(), "count += values[index];", StringComparison.Ordinal) : line));

    private static string Shuffle(string text, int seed)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        new Random(seed).Shuffle(words);
        return string.Join("; ", words)[..Math.Min(text.Length / 2, text.Length)];
    }

    /// <summary>
    /// The answer's tokens are given, since no small model edits code by itself; every token still costs what choosing it would,
    /// and a draft is accepted exactly where it agrees with the given text.
    /// </summary>
    private static GenerationRequest Force(string prompt, string answer) => new()
    {
        Prompt = [new PromptPart.Text(prompt + "\n")],
        MaxTokens = answer.Length,
        GivenAnswer = answer,
        CacheKey = "edit",
    };

    private async Task<GenerationUsage> RunAsync(GenerationRequest request, CancellationToken cancellationToken) => (await CollectAsync(request, cancellationToken)).Usage;

    private async Task<(List<int> Tokens, GenerationUsage Usage)> CollectAsync(GenerationRequest request, CancellationToken cancellationToken)
    {
        var tokens = new List<int>();
        await foreach (var generationEvent in engine.GenerateAsync(request, cancellationToken))
        {
            switch (generationEvent)
            {
                case GenerationEvent.Token token:
                    tokens.Add(token.Id);
                    break;
                case GenerationEvent.Finished finished:
                    return (tokens, finished.Usage);
            }
        }

        throw new InvalidOperationException("The engine ended its answer without saying so.");
    }
}
