using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.CSharpContext.Gate;

/// <summary>Looks at new members of types: their modifiers, names, types, parameters and values, and with <see cref="NewSignature"/> and <see cref="NewBody"/> at what they are among the others and do.</summary>
internal sealed class NewMembers
{
    private static readonly ImmutableHashSet<SyntaxKind> Undecided =
    [
        SyntaxKind.OverrideKeyword, SyntaxKind.AbstractKeyword, SyntaxKind.VirtualKeyword, SyntaxKind.NewKeyword, SyntaxKind.ExternKeyword, SyntaxKind.RequiredKeyword,
    ];

    private readonly DeclaredNames _names;
    private readonly INamespaceOrTypeSymbol _symbol;
    private readonly NewBody? _bodies;

    /// <param name="names">What names mean around them.</param>
    /// <param name="symbol">What they stand in.</param>
    /// <param name="compiled">The type's declaration in the compiled file; null where they stand in none.</param>
    public NewMembers(DeclaredNames names, INamespaceOrTypeSymbol symbol, TypeDeclarationSyntax? compiled)
    {
        (_names, _symbol) = (names, symbol);
        _bodies = compiled is null ? null : new NewBody(names, compiled);
    }

    /// <summary>Whether the attributes and modifiers of a declaration are such as may stand there.</summary>
    public bool MayBegin(MemberDeclarationSyntax member)
    {
        if (AttributeCheck.AreClean(_names, member.AttributeLists, member) && !member.Modifiers.Any(modifier => Undecided.Contains(modifier.Kind()) && !MayStandAt(modifier, member)))
        {
            return true;
        }

        // A type that nobody knows is wrong whatever its member overrides.
        _ = AreTypesKnown(member, null);
        return false;
    }

    /// <summary>Whether a modifier that not every member may have stands where it may.</summary>
    private bool MayStandAt(SyntaxToken modifier, MemberDeclarationSyntax member) => modifier.Kind() switch
    {
        SyntaxKind.OverrideKeyword => true,
        SyntaxKind.AbstractKeyword when member is TypeDeclarationSyntax => true,
        SyntaxKind.AbstractKeyword => _symbol is INamedTypeSymbol { TypeKind: TypeKind.Class, IsAbstract: true, IsStatic: false } && IsOpen(member) && member switch
        {
            MethodDeclarationSyntax method => method is { Body: null, ExpressionBody: null },
            PropertyDeclarationSyntax property => property.Initializer is null && BodiesOf(property).All(body => body is null),
            _ => false,
        },
        SyntaxKind.VirtualKeyword => _symbol is INamedTypeSymbol { TypeKind: TypeKind.Class, IsSealed: false, IsStatic: false } && IsOpen(member) && member is MethodDeclarationSyntax or PropertyDeclarationSyntax,
        _ => false,
    };

    /// <summary>Whether another class could see the member to override it, and no other modifier speaks against that.</summary>
    private static bool IsOpen(MemberDeclarationSyntax member) =>
        member.Modifiers.Any(modifier => modifier.Kind() is SyntaxKind.PublicKeyword or SyntaxKind.ProtectedKeyword or SyntaxKind.InternalKeyword)
        && member.Modifiers.Count(modifier => modifier.Kind() is SyntaxKind.AbstractKeyword or SyntaxKind.VirtualKeyword or SyntaxKind.OverrideKeyword or SyntaxKind.StaticKeyword or SyntaxKind.SealedKeyword) == 1;

    public bool IsClean(MemberDeclarationSyntax member)
    {
        if (_symbol is not INamedTypeSymbol type)
        {
            return false;
        }

        var signature = new NewSignature(_names, type);
        var isOverride = member.Modifiers.Any(SyntaxKind.OverrideKeyword);
        var isExplicit = member is MethodDeclarationSyntax { ExplicitInterfaceSpecifier: not null } or PropertyDeclarationSyntax { ExplicitInterfaceSpecifier: not null };
        var (names, parameters, rest) = member switch
        {
            FieldDeclarationSyntax field => (field.Declaration.Variables.Select(variable => variable.Identifier), null, field.Declaration.Variables.Where(variable => !IsCleanValue(field, variable)).Select(variable => (SyntaxNode?)variable.Initializer)),
            PropertyDeclarationSyntax property => ([property.Identifier], null, [IsCleanValue(property) ? null : property.Initializer, .. BodiesOf(property).Where(body => !IsCleanBody(property, body))]),
            MethodDeclarationSyntax { ConstraintClauses.Count: 0 } method => ([method.Identifier], method.ParameterList, new[] { method.Body, (SyntaxNode?)method.ExpressionBody }.Where(body => !IsCleanBody(method, body))),
            ConstructorDeclarationSyntax constructor => ([], constructor.ParameterList, [IsCleanBody(constructor, constructor.Body) ? null : constructor.Body, constructor.ExpressionBody, IsCleanInitializer(type, constructor) ? null : constructor.Initializer]),
            _ => ((IEnumerable<SyntaxToken>)[], (ParameterListSyntax?)null, (IEnumerable<SyntaxNode?>)[member]),
        };
        var isOfNoInstance = member.Modifiers.Any(modifier => modifier.Kind() is SyntaxKind.StaticKeyword or SyntaxKind.ConstKeyword);
        var hasNoAccessor = member is PropertyDeclarationSyntax { AccessorList: { Accessors.Count: 0, CloseBraceToken.IsMissing: false } };
        if (hasNoAccessor || (type.IsStatic && !isOfNoInstance && member is BaseFieldDeclarationSyntax or BasePropertyDeclarationSyntax or BaseMethodDeclarationSyntax) || (type.TypeKind == TypeKind.Interface && member is FieldDeclarationSyntax && !isOfNoInstance))
        {
            _names.Wrong ??= new SemanticProblem(RejectionKind.Other, member.Span, member.ToString(), member);
            return false;
        }

        // All types are looked at, so that an unknown one is found whatever else is undecided.
        var isKnown = AreTypesKnown(member, type);
        var fits = isOverride && isExplicit ? false : isOverride ? signature.Overrides(member) : isExplicit ? signature.Implements(member) : (bool?)null;
        if (NewParameters.HasTwins(_names, parameters) || !isKnown || rest.Any(_names.Touches) || (parameters?.Parameters.Any(parameter => _names.Touches(parameter) && !NewParameters.IsPlain(_names, _symbol, parameter)) ?? false))
        {
            return false;
        }

        // Accessors of a property all have bodies, or none has.
        if (member is PropertyDeclarationSyntax { AccessorList: { } list } && list.Accessors.Select(accessor => accessor.Body is null && accessor.ExpressionBody is null).Distinct().Count() > 1)
        {
            return false;
        }

        if (fits is not null)
        {
            return fits.Value;
        }

        if (member is ConstructorDeclarationSyntax or MethodDeclarationSyntax)
        {
            return !(member is ConstructorDeclarationSyntax { Initializer: null } && (isOfNoInstance || !Visibility.CanBeBegun(type))) && signature.IsNewOverload((BaseMethodDeclarationSyntax)member);
        }

        foreach (var name in names.Where(name => name.Span.OverlapsWith(_names.Span)))
        {
            var isTaken = type.GetMembers(name.ValueText).Length > 0;
            if (isTaken)
            {
                _names.Wrong ??= new SemanticProblem(RejectionKind.Other, name.Span, name.ValueText, member);
            }

            if (isTaken || name.ValueText == type.Name || IsDeclaredTwice(member, name.ValueText))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsCleanValue(FieldDeclarationSyntax field, VariableDeclaratorSyntax variable) =>
        !_names.Touches(variable.Initializer)
        || (_names.FindType(field.Declaration.Type, []) is { } type && _names.Takes(type, variable.Initializer!.Value)
            && (variable.Initializer.Value is LiteralExpressionSyntax || !field.Modifiers.Any(SyntaxKind.ConstKeyword))
            && (!field.Modifiers.Any(SyntaxKind.ConstKeyword) || type.SpecialType is >= SpecialType.System_Boolean and <= SpecialType.System_String));

    private bool IsCleanValue(PropertyDeclarationSyntax property) =>
        _names.Touches(property.Initializer) && property is { ExplicitInterfaceSpecifier: null, AccessorList: not null } && _names.FindType(property.Type, []) is { } type && _names.Takes(type, property.Initializer!.Value);

    /// <summary>Whether a constructor of the base, or another one of the type, takes just the arguments that it is called with.</summary>
    private bool IsCleanInitializer(INamedTypeSymbol type, ConstructorDeclarationSyntax constructor)
    {
        if (constructor.Initializer is not { ArgumentList.Arguments: var arguments } initializer || !_names.Touches(initializer)
            || arguments.Any(argument => argument.NameColon is not null || !argument.RefKindKeyword.IsKind(SyntaxKind.None)) || type.IsRecord)
        {
            return false;
        }

        var own = constructor.ParameterList.Parameters.Where(parameter => parameter.Type is not null).ToLookup(parameter => parameter.Identifier.ValueText, StringComparer.Ordinal);
        var ownTypes = constructor.ParameterList.Parameters.Select(parameter => parameter.Type is { } written ? _names.FindType(written, []) : null).ToList();
        // What a parameter stands for is of its type, which is all that matters.
        var values = arguments.Select(argument => argument.Expression is IdentifierNameSyntax name && own[name.Identifier.ValueText].FirstOrDefault() is { } parameter
            ? SyntaxFactory.DefaultExpression(parameter.Type!.WithoutTrivia())
            : argument.Expression).ToList();
        var callable = (initializer.IsKind(SyntaxKind.ThisConstructorInitializer) ? type.InstanceConstructors : type.BaseType?.InstanceConstructors ?? [])
            .Where(other => other.Parameters.Length == values.Count && other.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal)
            .Where(other => !SymbolEqualityComparer.Default.Equals(other.ContainingType, type) || !other.Parameters.Select(parameter => parameter.Type).SequenceEqual(ownTypes, SymbolEqualityComparer.Default))
            .Count(other => other.Parameters.Zip(values).All(pair => pair.First.RefKind == RefKind.None && _names.Takes(pair.First.Type, pair.Second)));
        return callable == 1;
    }

    private bool IsCleanBody(MemberDeclarationSyntax member, SyntaxNode? body) => _names.Touches(body) && _bodies is { } bodies && bodies.IsClean(member, body!);

    private static IEnumerable<SyntaxNode?> BodiesOf(PropertyDeclarationSyntax property) =>
        property.AccessorList?.Accessors.SelectMany(accessor => new SyntaxNode?[] { accessor.Body, accessor.ExpressionBody }) ?? [property.ExpressionBody];

    private static bool IsDeclaredTwice(MemberDeclarationSyntax member, string name) => member.Parent is TypeDeclarationSyntax type && type.Members.Any(other => other != member && other switch
    {
        MethodDeclarationSyntax method => method.Identifier.ValueText == name,
        PropertyDeclarationSyntax property => property.Identifier.ValueText == name,
        BaseFieldDeclarationSyntax field => field.Declaration.Variables.Any(variable => variable.Identifier.ValueText == name),
        _ => false,
    });

    /// <summary>Whether the types of a member's header are known; what its parts are worth, an initializer's arguments or a default, are no types though they look like some.</summary>
    /// <param name="type">The type whose member it is; null where nobody has to see the types.</param>
    private bool AreTypesKnown(MemberDeclarationSyntax member, INamedTypeSymbol? type)
    {
        var own = member.ChildNodes().OfType<TypeParameterListSyntax>().SelectMany(list => list.Parameters).Select(parameter => parameter.Identifier.ValueText).ToImmutableHashSet(StringComparer.Ordinal);
        return member.DescendantNodes(node => node is not (BlockSyntax or TypeSyntax or AttributeListSyntax or EqualsValueClauseSyntax or ArrowExpressionClauseSyntax or BaseArgumentListSyntax or MemberDeclarationSyntax) || node == member).OfType<TypeSyntax>()
            .Where(node => _names.Touches(node) && !node.IsNotNull && !node.IsUnmanaged && node.Parent is not ExplicitInterfaceSpecifierSyntax)
            .Select(node => _names.FindType(node, own)).ToList()
            .All(bound => bound is not null and not INamedTypeSymbol { IsStatic: true } && (type is null || Visibility.IsAsVisible(bound, member.Modifiers, type)));
    }
}
