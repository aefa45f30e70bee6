using System.Collections.Immutable;
using GptOss.CodeAssist.Inference;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>What a model wrote for a caret.</summary>
/// <param name="Ranked">Best first; empty exactly when there is a reason.</param>
/// <param name="Reason">Why there is nothing to show.</param>
/// <param name="Usage">What it cost.</param>
/// <param name="WasCompiled">Whether it was judged in the document's project.</param>
internal sealed record WrittenAnswer(ImmutableArray<JudgedCandidate> Ranked, EmptyReason? Reason, GenerationUsage? Usage, bool WasCompiled);
