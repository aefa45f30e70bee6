using System.Collections.Immutable;
using GptOss.CodeAssist.Inference;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>What may be shown at a caret.</summary>
public sealed record CompletionAnswer
{
    /// <summary>Best first; empty exactly when <see cref="Reason"/> is set.</summary>
    public ImmutableArray<CompletionCandidate> Candidates { get; init; } = [];

    /// <summary>Why there is nothing to show; null when there is.</summary>
    public EmptyReason? Reason { get; init; }

    /// <summary>What the engine spent; null when it was not asked.</summary>
    public GenerationUsage? Usage { get; init; }

    /// <summary>The model's name; null when none is loaded.</summary>
    public string? Model { get; init; }

    public static CompletionAnswer Empty(EmptyReason reason) => new() { Reason = reason };
}
