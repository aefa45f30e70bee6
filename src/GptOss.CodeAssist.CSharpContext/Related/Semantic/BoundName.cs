using Microsoft.CodeAnalysis;

namespace GptOss.CodeAssist.CSharpContext.Related.Semantic;

/// <summary>What a name or an expression means, as far as related code cares.</summary>
/// <param name="Name">The name of what it means; empty for an expression.</param>
/// <param name="Named">The type that it names, or null.</param>
/// <param name="Owner">The type that declares the member that it names, or null.</param>
/// <param name="Value">The type of its value, or null.</param>
internal readonly record struct BoundName(string Name, INamedTypeSymbol? Named, INamedTypeSymbol? Owner, ITypeSymbol? Value);
