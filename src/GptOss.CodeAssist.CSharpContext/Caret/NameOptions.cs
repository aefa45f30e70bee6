using System.Collections.Immutable;

namespace GptOss.CodeAssist.CSharpContext.Caret;

/// <summary>The names that may stand at a place. Nothing else binds there.</summary>
/// <param name="Names">The names, in ordinal order.</param>
/// <param name="Typed">What of the name is already there, or an empty string.</param>
/// <param name="Of">What they are members of, for a person.</param>
public sealed record NameOptions(ImmutableArray<string> Names, string Typed, string Of);
