using System.Collections.Immutable;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>What is left of an earlier answer.</summary>
/// <param name="Rests">Best first.</param>
/// <param name="Reason">Why there is nothing; null when there is.</param>
internal sealed record CachedSuggestion(ImmutableArray<SuggestedText> Rests, EmptyReason? Reason);
