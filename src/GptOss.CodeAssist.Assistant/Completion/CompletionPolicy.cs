using System.Collections.Immutable;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>What a person has decided about completion, for one document.</summary>
public sealed record CompletionPolicy
{
    /// <summary>Whether anything is shown to a person who did not ask.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>LSP names of languages that are not completed.</summary>
    public ImmutableArray<string> DisabledLanguages { get; init; } = [];

    public CompletionOptions Options { get; init; } = CompletionOptions.Default;
}
