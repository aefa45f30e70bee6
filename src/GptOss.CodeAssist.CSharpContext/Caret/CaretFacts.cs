using System.Collections.Immutable;

namespace GptOss.CodeAssist.CSharpContext.Caret;

/// <summary>What the compiler knows about a place.</summary>
/// <param name="ExpectedType">The type that an expression here must convert to, or null where any may stand.</param>
/// <param name="InScope">Names of locals, parameters, members and types that may be used without a qualifier, nearest first.</param>
/// <param name="MissingMembers">Signatures that the type around the caret still owes its interfaces and abstract bases.</param>
public sealed record CaretFacts(string? ExpectedType, ImmutableArray<string> InScope, ImmutableArray<string> MissingMembers)
{
    public static readonly CaretFacts None = new(null, [], []);
}
