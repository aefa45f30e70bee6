using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.Inference.Llama;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.StarterModel;

/// <summary>
/// Asks models for the rest of the line at random tokens of held-out files: greedy, one answer, what a model has learnt and
/// nothing that the program adds to it but the file's path. The order-6 baseline gets the same places.
/// </summary>
internal static class Evaluation
{
    private const int MaximumTokens = 64;

    public static async Task RunAsync(string folder, IReadOnlyList<string> models, int count, int seed, bool wholeLines, bool baseline, TextWriter output, CancellationToken cancellationToken)
    {
        var carets = Caret.Draw([.. CorpusFile.ReadAll(Path.Combine(folder, "held.jsonl"))], count, seed, wholeLines);
        await output.WriteLineAsync($"{count} carets{(wholeLines ? " at the first token of a line" : string.Empty)}, seed {seed}\n| model | exact match % | edit similarity % | first identifier % | parses % | stops by itself % | tokens/s |\n| --- | --- | --- | --- | --- | --- | --- |");
        foreach (var path in models)
        {
            var (score, speed) = await AskAsync(path, carets, cancellationToken);
            await WriteAsync(Path.GetFileName(path), score, speed);
        }

        if (baseline)
        {
            var score = new Score();
            var (ngrams, vocabulary) = Train(folder);
            foreach (var caret in carets)
            {
                var before = caret.File.Text[Math.Max(0, caret.Offset - 200)..caret.Offset];
                var answer = ngrams.Complete([.. vocabulary.Encode(before).Select(id => (ushort)id)], MaximumTokens);
                score.Add(caret, answer, stopped: true);
            }

            await WriteAsync("order-6 n-grams", score, speed: null);
        }

        Task WriteAsync(string name, Score score, double? speed) =>
            output.WriteLineAsync(FormattableString.Invariant($"| {name} | {score.ExactMatch:F1} | {score.EditSimilarity:F1} | {score.IdentifierMatch:F1} | {score.Parses:F1} | {score.StopsByItself:F1} | {speed:F0} |"));
    }

    private static async Task<(Score Score, double TokensPerSecond)> AskAsync(string path, List<Caret> carets, CancellationToken cancellationToken)
    {
        await using var engine = LlamaEngine.Start(new LlamaEngineOptions { ModelPath = path, ContextLength = 2048, Slots = 1 }, NullLogger.Instance);
        var model = await engine.WaitForModelAsync(cancellationToken);
        var (score, tokens, milliseconds) = (new Score(), 0, 0.0);
        foreach (var caret in carets)
        {
            var text = caret.File.Text;
            var before = await CutAsync(text[..caret.Offset], model.MaxPrefixTokens ?? 1_024, fromEnd: true);
            var after = await CutAsync(text[caret.LineEnd..], model.MaxSuffixTokens ?? 256, fromEnd: false);
            var request = new GenerationRequest
            {
                Prompt =
                [
                    new PromptPart.Special("<|fim_suffix|>"), new PromptPart.Text(after),
                    new PromptPart.Special("<|fim_prefix|>"), new PromptPart.Text($"// File: {caret.File.Path}\n{before}"), new PromptPart.Special("<|fim_middle|>"),
                ],
                MaxTokens = MaximumTokens,
                StopTokens = ["<|endoftext|>", "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"],
                StopStrings = ["\n"],
                HealPromptEnd = true,
            };
            var answer = string.Empty;
            await foreach (var happening in engine.GenerateAsync(request, cancellationToken))
            {
                switch (happening)
                {
                    case GenerationEvent.Token token:
                        answer += token.Text;
                        break;
                    case GenerationEvent.Finished finished:
                        answer += finished.RemainingText;
                        tokens += finished.Usage.GeneratedTokens;
                        milliseconds += finished.Usage.Decode.TotalMilliseconds;
                        score.Add(caret, answer, finished.Reason != FinishReason.TokenLimit && finished.StoppedBy != "\n");
                        break;
                }
            }
        }

        return (score, tokens / Math.Max(1, milliseconds) * 1_000);

        async ValueTask<string> CutAsync(string text, int most, bool fromEnd)
        {
            var length = Math.Min(text.Length, most * 6);
            while (true)
            {
                var cut = fromEnd ? text[^length..] : text[..length];
                var count = await engine.CountTokensAsync(cut, cancellationToken);
                if (count <= most)
                {
                    return cut;
                }

                length = Math.Min(length - 1, length * most / count);
            }
        }
    }

    private static (NgramModel Model, PrunedTokenizer Vocabulary) Train(string folder)
    {
        var vocabulary = PrunedTokenizer.Read(Path.Combine(folder, "vocabulary.tiktoken"));
        var text = CorpusFile.ReadAll(Path.Combine(folder, "train.jsonl")).AsParallel().AsOrdered()
            .SelectMany(file => vocabulary.Encode(file.Text).Select(id => (ushort)id).Append(ushort.MaxValue)).ToArray();
        return (new NgramModel(vocabulary.Tokens, text), vocabulary);
    }
}
