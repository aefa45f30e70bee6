using Microsoft.CodeAnalysis;

namespace GptOss.CodeAssist.CSharpContext.Related.Semantic;

/// <summary>A type from source that a member mentions.</summary>
/// <param name="Definition">Its definition.</param>
/// <param name="Depth">How deep in arrays and generic arguments it is mentioned.</param>
/// <param name="Member">The member's name.</param>
/// <param name="Parameter">The name of the parameter whose type it is; null for the member's own type.</param>
/// <param name="IsSeen">Whether it is the type of a member that code outside the type may use.</param>
internal readonly record struct TypeLink(INamedTypeSymbol Definition, int Depth, string Member, string? Parameter, bool IsSeen);
