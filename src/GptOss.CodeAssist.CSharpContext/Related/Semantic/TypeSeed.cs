using Microsoft.CodeAnalysis;

namespace GptOss.CodeAssist.CSharpContext.Related.Semantic;

/// <summary>A type worth an outline.</summary>
/// <param name="Type">The definition, declared in source.</param>
/// <param name="Rank">0 for the most wanted; scopes are hundreds apart.</param>
/// <param name="Reason">Why, for a person.</param>
internal readonly record struct TypeSeed(INamedTypeSymbol Type, int Rank, SeedReason Reason);
