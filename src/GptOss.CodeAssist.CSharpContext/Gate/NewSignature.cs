using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.CSharpContext.Gate;

/// <summary>What the header of a new member means among the members that its type and its bases have: whether it overrides one, implements one, or is one more of its name.</summary>
/// <param name="names">What names mean in the type.</param>
/// <param name="type">The type that gets the member, as it was compiled.</param>
internal sealed class NewSignature(DeclaredNames names, INamedTypeSymbol type)
{
    /// <summary>Whether there is a member to override, in just this form; false where there is none, or nobody can tell.</summary>
    public bool Overrides(MemberDeclarationSyntax member)
    {
        // The compiler writes members of records itself.
        if (type.IsRecord || member.Modifiers.Any(SyntaxKind.StaticKeyword) || NameOf(member) is not { } name || TypeOf(member) is not { } result || FindParameters(member) is not { } parameters || IsTaken(member, name, parameters))
        {
            return false;
        }

        var hasNamesake = false;
        for (var one = type.BaseType; one is not null; one = one.BaseType)
        {
            if (one.TypeKind == TypeKind.Error)
            {
                return false;
            }

            foreach (var other in one.GetMembers(name))
            {
                hasNamesake = true;
                if (other.Kind == KindOf(member) && IsAlike(other, parameters))
                {
                    return (other.IsVirtual || other.IsAbstract || other.IsOverride) && !other.IsSealed && !other.IsStatic
                        && AccessibilityOf(member.Modifiers) == other.DeclaredAccessibility
                        && SymbolEqualityComparer.Default.Equals(ResultOf(other), result)
                        && HasAccessors(member, other);
                }
            }
        }

        if (!hasNamesake)
        {
            var token = member is MethodDeclarationSyntax method ? method.Identifier : ((PropertyDeclarationSyntax)member).Identifier;
            names.Wrong ??= new SemanticProblem(RejectionKind.Other, token.Span, name, member);
        }

        return false;
    }

    /// <summary>Whether an interface that the type has demands a member of just this form; false where none does, or nobody can tell.</summary>
    public bool Implements(MemberDeclarationSyntax member)
    {
        var specifier = member switch { MethodDeclarationSyntax method => method.ExplicitInterfaceSpecifier, PropertyDeclarationSyntax property => property.ExplicitInterfaceSpecifier, _ => null };
        if (specifier is null || NameOf(member) is not { } name || TypeOf(member) is not { } result || FindParameters(member) is not { } parameters
            || member.Modifiers.Any(modifier => !modifier.IsKind(SyntaxKind.AsyncKeyword)) || names.FindType(specifier.Name, []) is not INamedTypeSymbol contract
            || !type.AllInterfaces.Contains(contract, SymbolEqualityComparer.Default))
        {
            return false;
        }

        var isThere = type.GetMembers().Any(other => ExplicitOf(other).Any(demanded => SymbolEqualityComparer.Default.Equals(demanded.ContainingType, contract) && demanded.Name == name));
        return !isThere && contract.GetMembers(name).Any(other => other.Kind == KindOf(member) && IsAlike(other, parameters) && SymbolEqualityComparer.Default.Equals(ResultOf(other), result) && HasAccessors(member, other));
    }

    /// <summary>Whether a method, or a constructor, differs in its parameters from all that are called the same; false where one does not, or nobody can tell.</summary>
    public bool IsNewOverload(BaseMethodDeclarationSyntax method)
    {
        var name = method is MethodDeclarationSyntax ordinary ? ordinary.Identifier.ValueText : WellKnownMemberNames.InstanceConstructorName;
        return name != type.Name && (method is MethodDeclarationSyntax { TypeParameterList: not null }
            ? method.Parent is TypeDeclarationSyntax around && type.GetMembers(name).IsEmpty && !around.Members.Any(other => other != method && NamesOf(other).Contains(name))
            : FindParameters(method) is { } parameters && !IsTaken(method, name, parameters));
    }

    /// <summary>Whether the type has, or may have, another member that a member of this name and these parameters cannot stand beside.</summary>
    private bool IsTaken(MemberDeclarationSyntax member, string name, ImmutableArray<Parameter> parameters)
    {
        if (member.Parent is not TypeDeclarationSyntax around)
        {
            return true;
        }

        var others = around.Members.Where(other => other != member && NamesOf(other).Contains(name)).ToList();
        var known = type.GetMembers(name).Where(other => !other.IsImplicitlyDeclared).ToLookup(other => other.DeclaringSyntaxReferences.Any(reference => reference.SyntaxTree == names.Model.SyntaxTree));
        var wasHere = known[true].Count() - others.Count;
        // What was written since the compilation is not known, and what was compiled of the member itself is no other one.
        return wasHere < 0 || known[false].Any(IsInTheWay) || known[true].Count(IsInTheWay) > wasHere || others.Exists(HasSameText);

        bool IsInTheWay(ISymbol other) => other is not IMethodSymbol method || (method.Parameters.Length == parameters.Length && method.Parameters.Zip(parameters).All(pair => SymbolEqualityComparer.Default.Equals(pair.First.Type, pair.Second.Type)));

        bool HasSameText(MemberDeclarationSyntax other) => (other as BaseMethodDeclarationSyntax)?.ParameterList.Parameters.Select(parameter => parameter.Type?.ToString()).SequenceEqual((member as BaseMethodDeclarationSyntax)?.ParameterList.Parameters.Select(parameter => parameter.Type?.ToString()) ?? []) ?? true;
    }

    private static IEnumerable<string> NamesOf(MemberDeclarationSyntax member) => member switch
    {
        MethodDeclarationSyntax { ExplicitInterfaceSpecifier: null } method => [method.Identifier.ValueText],
        PropertyDeclarationSyntax { ExplicitInterfaceSpecifier: null } property => [property.Identifier.ValueText],
        BaseFieldDeclarationSyntax field => field.Declaration.Variables.Select(variable => variable.Identifier.ValueText),
        EventDeclarationSyntax { ExplicitInterfaceSpecifier: null } raised => [raised.Identifier.ValueText],
        BaseTypeDeclarationSyntax inner => [inner.Identifier.ValueText],
        DelegateDeclarationSyntax inner => [inner.Identifier.ValueText],
        ConstructorDeclarationSyntax constructor when !constructor.Modifiers.Any(SyntaxKind.StaticKeyword) => [WellKnownMemberNames.InstanceConstructorName],
        _ => [],
    };

    private static bool IsAlike(ISymbol symbol, ImmutableArray<Parameter> parameters)
    {
        var others = symbol is IMethodSymbol { Arity: 0 } method ? method.Parameters : symbol is IPropertySymbol { IsIndexer: false } ? [] : default;
        return !others.IsDefault && others.Length == parameters.Length
            && others.Zip(parameters).All(pair => SymbolEqualityComparer.Default.Equals(pair.First.Type, pair.Second.Type) && pair.First.RefKind == pair.Second.Kind);
    }

    /// <summary>What a property can be asked to do; a method can always be called.</summary>
    private static bool HasAccessors(MemberDeclarationSyntax member, ISymbol other) => member is not PropertyDeclarationSyntax property || other is IPropertySymbol symbol
        && (property.AccessorList is not { } list ? symbol is { GetMethod: not null, SetMethod: null }
            : list.Accessors.All(accessor => accessor.Modifiers.Count == 0 && (accessor.IsKind(SyntaxKind.GetAccessorDeclaration) ? symbol.GetMethod is not null : symbol.SetMethod is { } set && set.IsInitOnly == accessor.IsKind(SyntaxKind.InitAccessorDeclaration)))
            && (list.Accessors.Count == 2) == (symbol.GetMethod is not null && symbol.SetMethod is not null));

    private ITypeSymbol? TypeOf(MemberDeclarationSyntax member) => member switch
    {
        MethodDeclarationSyntax { TypeParameterList: null, ConstraintClauses.Count: 0 } method => names.FindType(method.ReturnType, []),
        PropertyDeclarationSyntax property => names.FindType(property.Type, []),
        _ => null,
    };

    private ImmutableArray<Parameter>? FindParameters(MemberDeclarationSyntax member)
    {
        var found = ImmutableArray.CreateBuilder<Parameter>();
        foreach (var parameter in (member as BaseMethodDeclarationSyntax)?.ParameterList.Parameters ?? [])
        {
            var kinds = parameter.Modifiers.Where(modifier => modifier.Kind() is not (SyntaxKind.ParamsKeyword or SyntaxKind.ThisKeyword)).ToList();
            RefKind? kind = kinds.Count == 0 ? RefKind.None : kinds is not [var only] ? null : only.Kind() switch { SyntaxKind.RefKeyword => RefKind.Ref, SyntaxKind.OutKeyword => RefKind.Out, SyntaxKind.InKeyword => RefKind.In, _ => null };
            if (kind is null || parameter.Type is not { } written || names.FindType(written, []) is not { } bound)
            {
                return null;
            }

            found.Add(new Parameter(bound, kind.Value));
        }

        return found.ToImmutable();
    }

    private static string? NameOf(MemberDeclarationSyntax member) => member switch { MethodDeclarationSyntax method => method.Identifier.ValueText, PropertyDeclarationSyntax property => property.Identifier.ValueText, _ => null };

    private static SymbolKind KindOf(MemberDeclarationSyntax member) => member is PropertyDeclarationSyntax ? SymbolKind.Property : SymbolKind.Method;

    private static ITypeSymbol? ResultOf(ISymbol symbol) => symbol switch { IMethodSymbol { ReturnsByRef: false, ReturnsByRefReadonly: false } method => method.ReturnType, IPropertySymbol { ReturnsByRef: false, ReturnsByRefReadonly: false } property => property.Type, _ => null };

    private static IEnumerable<ISymbol> ExplicitOf(ISymbol symbol) => symbol switch { IMethodSymbol method => method.ExplicitInterfaceImplementations, IPropertySymbol property => property.ExplicitInterfaceImplementations, _ => [] };

    /// <summary>What modifiers make of a member that overrides; <see cref="Accessibility.NotApplicable"/> where another combination stands there.</summary>
    private static Accessibility AccessibilityOf(SyntaxTokenList modifiers) => string.Join(' ', modifiers.Where(modifier => modifier.Kind() is SyntaxKind.PublicKeyword or SyntaxKind.ProtectedKeyword or SyntaxKind.InternalKeyword or SyntaxKind.PrivateKeyword).Select(modifier => modifier.Text)) switch
    {
        "public" => Accessibility.Public,
        "protected" => Accessibility.Protected,
        "internal" => Accessibility.Internal,
        _ => Accessibility.NotApplicable,
    };

    private sealed record Parameter(ITypeSymbol Type, RefKind Kind);
}
