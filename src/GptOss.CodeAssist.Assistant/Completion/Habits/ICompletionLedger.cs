using System.Collections.Immutable;

namespace GptOss.CodeAssist.Assistant.Completion.Habits;

/// <summary>Where counts outlive the process.</summary>
/// <remarks>May be called from any thread; must return at once and never throw.</remarks>
public interface ICompletionLedger
{
    /// <summary>What has been counted so far, one entry a language and model.</summary>
    ImmutableArray<CompletionCounts> Read();

    /// <summary>Adds counts to those of the same language and model.</summary>
    void Add(CompletionCounts counts);
}
