using System.Collections.Immutable;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>What is left of an earlier answer.</summary>
/// <param name="Rests">Best first.</param>
/// <param name="Reason">Why there is nothing; null when there is.</param>
/// <param name="WasCompiled">Whether the answer was judged in its project; one that was not knows nothing of names.</param>
internal sealed record CachedSuggestion(ImmutableArray<SuggestedText> Rests, EmptyReason? Reason, bool WasCompiled);
