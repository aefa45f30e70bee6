using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GptOss.CodeAssist.CSharpContext.Gate;

/// <summary>Who sees the types and constructors that new declarations name.</summary>
internal static class Visibility
{
    /// <summary>Whether a type may stand in the header of a declaration: whoever sees the declaration sees the type. Where that is not plain the fork decides.</summary>
    public static bool IsAsVisible(ITypeSymbol type, SyntaxTokenList modifiers, INamedTypeSymbol? container)
    {
        var isInInterface = container is { TypeKind: TypeKind.Interface };
        var isSeenOutside = (isInInterface || modifiers.Any(modifier => modifier.Kind() is SyntaxKind.PublicKeyword or SyntaxKind.ProtectedKeyword)) && (container is null || IsSeenFrom(container, Accessibility.Public));
        var isPrivate = container is not null && !isInInterface && !modifiers.Any(modifier => modifier.Kind() is SyntaxKind.PublicKeyword or SyntaxKind.ProtectedKeyword or SyntaxKind.InternalKeyword);
        return isPrivate || IsSeenFrom(type, isSeenOutside ? Accessibility.Public : Accessibility.Internal);
    }

    private static bool IsSeenFrom(ITypeSymbol type, Accessibility needed) => type switch
    {
        IArrayTypeSymbol array => IsSeenFrom(array.ElementType, needed),
        INamedTypeSymbol named => (named.DeclaredAccessibility is Accessibility.Public or Accessibility.NotApplicable || (needed == Accessibility.Internal && named.DeclaredAccessibility is Accessibility.Internal or Accessibility.ProtectedOrInternal))
            && named.TypeArguments.All(argument => IsSeenFrom(argument, needed)) && (named.ContainingType is null || IsSeenFrom(named.ContainingType, needed)),
        _ => true,
    };

    /// <summary>Whether a constructor that does not say how the base is made can make it.</summary>
    public static bool CanBeBegun(INamedTypeSymbol type) => !type.IsRecord && (type.TypeKind == TypeKind.Struct || (type.BaseType is { TypeKind: TypeKind.Class } baseType && CanBeBegunBy(baseType)));

    public static bool CanBeBegunBy(INamedTypeSymbol baseType) => baseType.InstanceConstructors.Any(constructor => constructor.Parameters.Length == 0 && constructor.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal);
}
