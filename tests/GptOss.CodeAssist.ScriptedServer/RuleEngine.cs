using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.TestSupport;

namespace GptOss.CodeAssist.ScriptedServer;

/// <summary>A gpt-oss-like engine that answers every request by the first rule that fits, word by word; where none fits it says nothing.</summary>
internal sealed partial class RuleEngine(IReadOnlyList<ScriptRule> rules) : IInferenceEngine
{
    private readonly ScriptedEngine _ready = new(ScriptedEngine.HarmonyModel);

    public event Action<EngineStatus>? StatusChanged
    {
        add => _ready.StatusChanged += value;
        remove => _ready.StatusChanged -= value;
    }

    public EngineStatus Status => _ready.Status;

    public Task<ModelDescription> WaitForModelAsync(CancellationToken cancellationToken) => _ready.WaitForModelAsync(cancellationToken);

    public ValueTask<int> CountTokensAsync(string text, CancellationToken cancellationToken) => _ready.CountTokensAsync(text, cancellationToken);

    public IAsyncEnumerable<GenerationEvent> GenerateAsync(GenerationRequest request, CancellationToken cancellationToken)
    {
        var prompt = string.Concat(request.Prompt.Select(part => part is PromptPart.Special special ? special.Name : ((PromptPart.Text)part).Value));
        // A completion goes on in a message that is already open.
        var completes = !prompt.EndsWith("<|start|>assistant", StringComparison.Ordinal);
        // What is only evaluated ahead is answered by nobody.
        var rule = request.MaxTokens == 0 ? null : rules.FirstOrDefault(rule => rule.Completes == completes && prompt.Contains(rule.When, StringComparison.Ordinal));
        return new ScriptedEngine(ScriptedEngine.HarmonyModel).Script((_, token) => SpeakAsync(rule, completes, token)).GenerateAsync(request, cancellationToken);
    }

    public ValueTask DisposeAsync() => _ready.DisposeAsync();

    private static async IAsyncEnumerable<string> SpeakAsync(ScriptRule? rule, bool completes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var tokens = Answer(rule, completes).ToArray();
        var neverEnds = rule is { NeverEnds: true };
        while (rule is { After: { } file } && !File.Exists(file))
        {
            await File.WriteAllBytesAsync($"{file}.awaited", [], cancellationToken);
            await Task.Delay(TimeSpan.FromMilliseconds(10), cancellationToken);
        }

        // The last token would end the answer.
        foreach (var token in neverEnds ? tokens[..^1] : tokens)
        {
            yield return token;
        }

        if (neverEnds)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
    }

    private static IEnumerable<string> Answer(ScriptRule? rule, bool completes)
    {
        var words = Words().Matches(rule?.Say ?? "").Select(match => match.Value);
        return completes ? words :
        [
            .. rule?.Think is { } thought ? new[] { "<|channel|>", "analysis", "<|message|>", thought, "<|end|>", "<|start|>", "assistant" } : [],
            "<|channel|>", "final", "<|message|>", .. words, "<|return|>",
        ];
    }

    [GeneratedRegex(@"\S+\s*|\s+")]
    private static partial Regex Words();
}
