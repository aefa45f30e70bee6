using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.CSharpContext.Gate;

/// <summary>Looks at the headers of new types and namespaces.</summary>
internal sealed class NewHeaders
{
    private readonly DeclaredNames _names;
    private readonly INamespaceOrTypeSymbol _symbol;

    /// <param name="names">What names mean around them.</param>
    /// <param name="symbol">The namespace or type that they stand in.</param>
    public NewHeaders(DeclaredNames names, INamespaceOrTypeSymbol symbol) => (_names, _symbol) = (names, symbol);

    /// <summary>A type whose header is new. What stands in it owes its bases nothing that anybody could see here, unless it stands there already.</summary>
    public bool IsClean(BaseTypeDeclarationSyntax declaration)
    {
        var isOfNamespace = _symbol is INamespaceSymbol;
        var modifiersFit = declaration.Modifiers.All(modifier => modifier.Kind() is SyntaxKind.PublicKeyword or SyntaxKind.InternalKeyword or SyntaxKind.SealedKeyword or SyntaxKind.AbstractKeyword or SyntaxKind.PartialKeyword
            || (modifier.Kind() is SyntaxKind.StaticKeyword && declaration.BaseList is null)
            || (modifier.Kind() is SyntaxKind.PrivateKeyword or SyntaxKind.ProtectedKeyword && !isOfNamespace))
            && declaration.Modifiers.Count(modifier => modifier.Kind() is SyntaxKind.SealedKeyword or SyntaxKind.AbstractKeyword or SyntaxKind.StaticKeyword) <= 1;
        var members = DeclarationCheck.FindInside(declaration);
        if (!modifiersFit || (members is { } inside && inside.OverlapsWith(_names.Span) && HasMembers(declaration)) || declaration is TypeDeclarationSyntax { ConstraintClauses.Count: > 0 })
        {
            return false;
        }

        var arity = (declaration as TypeDeclarationSyntax)?.TypeParameterList?.Parameters.Count ?? 0;
        var isTaken = _names.Touches(declaration) && declaration.Identifier.Span.OverlapsWith(_names.Span) && (_symbol.GetTypeMembers(declaration.Identifier.ValueText, arity).Any(IsOfProject) || _symbol is INamedTypeSymbol type && (type.Name == declaration.Identifier.ValueText || type.GetMembers(declaration.Identifier.ValueText).Length > 0));
        var own = (declaration as TypeDeclarationSyntax)?.TypeParameterList?.Parameters.Select(parameter => parameter.Identifier.ValueText).ToImmutableHashSet(StringComparer.Ordinal) ?? [];
        var parameters = (declaration as TypeDeclarationSyntax)?.ParameterList;
        var areParametersClean = !_names.Touches(parameters) || (!NewParameters.HasTwins(_names, parameters) && parameters!.Parameters.All(parameter => NewParameters.IsPlain(_names, _symbol, parameter)) && parameters.Parameters.All(parameter => _names.FindType(parameter.Type!, own) is { } bound && Visibility.IsAsVisible(bound, declaration.Modifiers, _symbol as INamedTypeSymbol)));
        return areParametersClean && !isTaken && (declaration.BaseList is not { } bases || AreCleanBases(declaration, bases, own));
    }

    /// <summary>A package may have a type of the same name.</summary>
    private bool IsOfProject(ISymbol symbol) => SymbolEqualityComparer.Default.Equals(symbol.ContainingAssembly, _names.Model.Compilation.Assembly);

    /// <summary>Any name will do that is no type's, where nothing else declares a namespace.</summary>
    public bool IsClean(BaseNamespaceDeclarationSyntax declaration)
    {
        if (declaration.Members.Any(_names.Touches) || _names.Touches(declaration.Usings) || _names.Touches(declaration.Externs))
        {
            return false;
        }

        var space = _symbol as INamespaceSymbol;
        foreach (var part in declaration.Name.ToString().Split('.'))
        {
            if (space is not null && space.GetTypeMembers(part).Length > 0)
            {
                return false;
            }

            space = space?.GetNamespaceMembers().FirstOrDefault(inner => inner.Name == part);
        }

        return true;
    }

    private static bool HasMembers(BaseTypeDeclarationSyntax declaration) => declaration is EnumDeclarationSyntax { Members.Count: > 0 } or TypeDeclarationSyntax { Members.Count: > 0 };

    private bool AreCleanBases(BaseTypeDeclarationSyntax declaration, BaseListSyntax bases, ImmutableHashSet<string> own)
    {
        var isFirst = true;
        foreach (var one in bases.Types)
        {
            if (!_names.Touches(one))
            {
                isFirst = false;
                continue;
            }

            if (one is not SimpleBaseTypeSyntax || _names.FindType(one.Type, own) is not INamedTypeSymbol bound || !Visibility.IsAsVisible(bound, declaration.Modifiers, _symbol as INamedTypeSymbol))
            {
                return false;
            }

            var mayStandThere = declaration switch
            {
                EnumDeclarationSyntax => bound.SpecialType is >= SpecialType.System_SByte and <= SpecialType.System_UInt64,
                _ when bound.TypeKind == TypeKind.Interface => !HasMembers(declaration) || bound.AllInterfaces.Prepend(bound).All(contract => !contract.GetMembers().Any(member => member.IsAbstract)),
                ClassDeclarationSyntax => isFirst && bound is { TypeKind: TypeKind.Class, IsSealed: false, IsStatic: false, IsRecord: false, SpecialType: SpecialType.None } && !IsSpecial(bound) && OwesNothing(declaration, bound),
                _ => false,
            };
            if (!mayStandThere)
            {
                if (bound.TypeKind == TypeKind.Interface && LacksMembers(declaration, bound))
                {
                    _names.Wrong ??= new SemanticProblem(RejectionKind.Other, one.Span, one.ToString(), one);
                }

                return false;
            }

            isFirst = false;
        }

        return true;
    }

    /// <summary>Whether an interface demands something that a type has nothing of the same name for.</summary>
    private bool LacksMembers(BaseTypeDeclarationSyntax declaration, INamedTypeSymbol contract)
    {
        var arity = (declaration as TypeDeclarationSyntax)?.TypeParameterList?.Parameters.Count ?? 0;
        if (_symbol.GetTypeMembers(declaration.Identifier.ValueText, arity) is not [var type])
        {
            return false;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current.TypeKind == TypeKind.Error)
            {
                return false;
            }

            names.UnionWith(current.GetMembers().Select(member => member.Name));
        }

        return contract.AllInterfaces.Prepend(contract).SelectMany(one => one.GetMembers()).Any(member => member is { IsAbstract: true, IsStatic: false } && !names.Contains(member.Name) && !names.Any(name => name.EndsWith("." + member.Name, StringComparison.Ordinal)));
    }

    private static bool IsSpecial(INamedTypeSymbol type) => type.SpecialType is SpecialType.System_Enum or SpecialType.System_ValueType or SpecialType.System_Array or SpecialType.System_Delegate or SpecialType.System_MulticastDelegate;

    /// <summary>Nothing abstract is left for members that stand there already, and a constructor that nobody wrote can call the base's.</summary>
    private static bool OwesNothing(BaseTypeDeclarationSyntax declaration, INamedTypeSymbol baseType)
    {
        var hasConstructor = declaration is TypeDeclarationSyntax type && type.Members.Any(SyntaxKind.ConstructorDeclaration);
        return (!HasMembers(declaration) || !DemandsMembers(baseType)) && (hasConstructor || Visibility.CanBeBegunBy(baseType));
    }

    private static bool DemandsMembers(INamedTypeSymbol type)
    {
        for (var current = type; current is { IsAbstract: true }; current = current.BaseType)
        {
            if (current.GetMembers().Any(member => member.IsAbstract))
            {
                return true;
            }
        }

        return false;
    }
}
