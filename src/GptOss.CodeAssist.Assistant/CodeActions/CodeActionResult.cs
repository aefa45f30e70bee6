using System.Collections.Immutable;
using GptOss.CodeAssist.CSharpContext.Edits;

namespace GptOss.CodeAssist.Assistant.CodeActions;

/// <summary>What came of an action: a closed family.</summary>
public abstract record CodeActionResult
{
    private CodeActionResult()
    {
    }

    /// <summary>An edit that brings in no new error, as far as <paramref name="Verification"/> goes.</summary>
    /// <param name="Repaired">Whether it took the second try.</param>
    public sealed record Edited(ImmutableArray<FileEdit> Files, EditVerification Verification, bool Repaired) : CodeActionResult
    {
        /// <summary>The problem that was to be fixed, where nobody here could tell whether it is gone: neither the compiler nor an analyzer at hand reports it. Null where it was looked for.</summary>
        public CodeProblem? Unverified { get; init; }
    }

    /// <summary>Text for the person, in Markdown.</summary>
    public sealed record Explained(string Markdown) : CodeActionResult;

    /// <summary>Nothing to offer. <paramref name="Attempt"/> is what the model wrote, for a person who wants to see it in spite of <paramref name="Errors"/>.</summary>
    public sealed record Refused(EmptyReason Reason, ImmutableArray<EditError> Errors, ImmutableArray<FileEdit> Attempt) : CodeActionResult
    {
        public Refused(EmptyReason reason)
            : this(reason, [], [])
        {
        }
    }
}
