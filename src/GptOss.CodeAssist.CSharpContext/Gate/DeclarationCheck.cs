using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Gate;

/// <summary>Looks at text outside bodies (headers, parameters, fields, properties, attributes, types, namespaces) with the last good compilation's symbols.</summary>
/// <remarks>
/// A fork of a large project takes tens of milliseconds for a header, because all symbols are made anew. Types, attributes and simple values bind as well
/// where the declaration around them was compiled before; whatever needs more than that (bodies, overriding, what a base demands) is left to the fork.
/// </remarks>
internal sealed class DeclarationCheck
{
    private static readonly ImmutableHashSet<SyntaxKind> Undecided =
    [
        SyntaxKind.OverrideKeyword, SyntaxKind.AbstractKeyword, SyntaxKind.VirtualKeyword, SyntaxKind.NewKeyword, SyntaxKind.ExternKeyword, SyntaxKind.RequiredKeyword,
    ];

    private readonly DeclaredNames _names;
    private readonly SyntaxNode _container;
    private readonly INamespaceOrTypeSymbol _symbol;
    private readonly TextSpan _span;

    private readonly NewBody? _bodies;

    private DeclarationCheck(DeclaredNames names, SyntaxNode container, SyntaxNode counterpart, INamespaceOrTypeSymbol symbol, TextSpan span)
    {
        (_names, _container, _symbol, _span) = (names, container, symbol, span);
        _bodies = counterpart is TypeDeclarationSyntax type ? new NewBody(names, type) : null;
    }

    /// <summary>True where the span only names what exists and declares what is not there yet; false where something is wrong, or nobody can tell without a fork.</summary>
    /// <param name="changed">The document with the text in it.</param>
    public static bool IsClean(CSharpDocument changed, TextSpan span, CancellationToken cancellationToken) => IsClean(changed, span, out _, cancellationToken);

    /// <param name="wrong">What is wrong for certain where the rest of the file declares what it did when it was compiled; null where nobody can tell.</param>
    public static bool IsClean(CSharpDocument changed, TextSpan span, out SemanticProblem? wrong, CancellationToken cancellationToken)
    {
        wrong = null;
        if (changed.Project is not { } project || changed.CompiledTree is not { } compiledTree)
        {
            return false;
        }

        var compiledRoot = compiledTree.GetRoot(cancellationToken);
        var root = changed.Tree.GetRoot(cancellationToken);
        var container = root.FindToken(span.Start).Parent?.AncestorsAndSelf().FirstOrDefault(node => FindInside(node) is { } inside && inside.Contains(span));
        var counterpart = container is CompilationUnitSyntax ? compiledRoot : container is null ? null : Speculation.FindCounterpart(container, compiledRoot);
        if (container is null || counterpart is null || FindInside(counterpart) is not { } place)
        {
            return false;
        }

        var model = project.ModelOf(compiledTree);
        try
        {
            var symbol = counterpart is CompilationUnitSyntax ? project.Compilation.GlobalNamespace : model.GetDeclaredSymbol(counterpart, cancellationToken) as INamespaceOrTypeSymbol;
            if (symbol is null)
            {
                return false;
            }

            if (FindPosition(counterpart, place) is not { } position)
            {
                return false;
            }

            var names = new DeclaredNames(model, position, span, cancellationToken);
            var isClean = new DeclarationCheck(names, container, counterpart, symbol, span).AreClean();
            wrong = isClean ? null : names.Wrong;
            return isClean;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or NullReferenceException)
        {
            return false; // dotnet/roslyn#70575
        }
    }

    /// <summary>Where a node's own declarations stand; null where it has none.</summary>
    private static TextSpan? FindInside(SyntaxNode node) => node switch
    {
        BaseTypeDeclarationSyntax { OpenBraceToken: { IsMissing: false } open } type when open.IsKind(SyntaxKind.OpenBraceToken) => TextSpan.FromBounds(open.Span.End, type.CloseBraceToken.SpanStart),
        NamespaceDeclarationSyntax { OpenBraceToken.IsMissing: false } space => TextSpan.FromBounds(space.OpenBraceToken.Span.End, space.CloseBraceToken.SpanStart),
        FileScopedNamespaceDeclarationSyntax { SemicolonToken.IsMissing: false } space => TextSpan.FromBounds(space.SemicolonToken.Span.End, space.FullSpan.End),
        CompilationUnitSyntax unit => unit.FullSpan,
        _ => null,
    };

    /// <summary>A place where a node's declarations know what they know: the header of its first one where no brace begins them; null where there is none.</summary>
    private static int? FindPosition(SyntaxNode container, TextSpan inside) => container switch
    {
        CompilationUnitSyntax unit => unit.Members.FirstOrDefault()?.SpanStart ?? unit.EndOfFileToken.SpanStart,
        FileScopedNamespaceDeclarationSyntax space => space.Members.FirstOrDefault()?.SpanStart,
        _ => inside.Start,
    };

    private bool AreClean() => _container switch
    {
        CompilationUnitSyntax unit => !Touches(unit.Usings) && !Touches(unit.Externs) && !Touches(unit.AttributeLists) && unit.Members.Where(Touches).All(IsClean),
        BaseNamespaceDeclarationSyntax space => !Touches(space.Usings) && !Touches(space.Externs) && space.Members.Where(Touches).All(IsClean),
        TypeDeclarationSyntax type => type.Members.Where(Touches).All(IsClean),
        EnumDeclarationSyntax list => list.Members.Where(Touches).All(member => IsClean(list, member)),
        _ => false,
    };

    private bool Touches(SyntaxNode? node) => node is not null && node.Span.OverlapsWith(_span);

    private bool Touches<TNode>(SyntaxList<TNode> nodes)
        where TNode : SyntaxNode => nodes.Any(Touches);

    private bool IsClean(MemberDeclarationSyntax member)
    {
        if (!AttributeCheck.AreClean(_names, member.AttributeLists, member)
            || member.Modifiers.Any(modifier => Undecided.Contains(modifier.Kind()) && !MayStandAt(modifier, member)))
        {
            // A type that nobody knows is wrong whatever its member overrides.
            _ = AreTypesKnown(member, null);
            return false;
        }

        return member switch
        {
            BaseTypeDeclarationSyntax type => IsCleanHeader(type),
            BaseNamespaceDeclarationSyntax space => IsCleanHeader(space),
            _ => _symbol is INamedTypeSymbol type && IsCleanMember(type, member),
        };
    }

    /// <summary>Whether a modifier that not every member may have stands where it may.</summary>
    private bool MayStandAt(SyntaxToken modifier, MemberDeclarationSyntax member) => modifier.Kind() switch
    {
        SyntaxKind.OverrideKeyword => true,
        SyntaxKind.AbstractKeyword when member is TypeDeclarationSyntax => true,
        SyntaxKind.AbstractKeyword => _symbol is INamedTypeSymbol { TypeKind: TypeKind.Class, IsAbstract: true, IsStatic: false } && IsOpen(member) && member is MethodDeclarationSyntax { Body: null, ExpressionBody: null } or PropertyDeclarationSyntax { ExpressionBody: null },
        SyntaxKind.VirtualKeyword => _symbol is INamedTypeSymbol { TypeKind: TypeKind.Class, IsSealed: false, IsStatic: false } && IsOpen(member) && member is MethodDeclarationSyntax or PropertyDeclarationSyntax,
        _ => false,
    };

    /// <summary>Whether another class could see the member to override it, and no other modifier speaks against that.</summary>
    private static bool IsOpen(MemberDeclarationSyntax member) =>
        member.Modifiers.Any(modifier => modifier.Kind() is SyntaxKind.PublicKeyword or SyntaxKind.ProtectedKeyword or SyntaxKind.InternalKeyword)
        && member.Modifiers.Count(modifier => modifier.Kind() is SyntaxKind.AbstractKeyword or SyntaxKind.VirtualKeyword or SyntaxKind.OverrideKeyword or SyntaxKind.StaticKeyword or SyntaxKind.SealedKeyword) == 1;

    private bool IsCleanMember(INamedTypeSymbol type, MemberDeclarationSyntax member)
    {
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
        if (hasNoAccessor || (type.IsStatic && !isOfNoInstance) || (type.TypeKind == TypeKind.Interface && member is FieldDeclarationSyntax && !isOfNoInstance))
        {
            _names.Wrong ??= new SemanticProblem(RejectionKind.Other, member.Span, member.ToString(), member);
            return false;
        }

        // All types are looked at, so that an unknown one is found whatever else is undecided.
        var isKnown = AreTypesKnown(member, type);
        var fits = isOverride && isExplicit ? false : isOverride ? signature.Overrides(member) : isExplicit ? signature.Implements(member) : (bool?)null;
        if (HasTwins(parameters) || !isKnown || rest.Any(Touches) || (parameters?.Parameters.Any(parameter => Touches(parameter) && !IsPlain(parameter)) ?? false))
        {
            return false;
        }

        if (fits is not null)
        {
            return fits.Value;
        }

        if (member is ConstructorDeclarationSyntax or MethodDeclarationSyntax)
        {
            return !(member is ConstructorDeclarationSyntax { Initializer: null } && (isOfNoInstance || !CanBeBegun(type))) && signature.IsNewOverload((BaseMethodDeclarationSyntax)member);
        }

        // Accessors of a property all have bodies, or none has.
        if (member is PropertyDeclarationSyntax { AccessorList: { } list } && list.Accessors.Select(accessor => accessor.Body is null && accessor.ExpressionBody is null).Distinct().Count() > 1)
        {
            return false;
        }

        foreach (var name in names.Where(name => name.Span.OverlapsWith(_span)))
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

    /// <summary>A type whose header is new. What stands in it owes its bases nothing that anybody could see here, unless it stands there already.</summary>
    private bool IsCleanHeader(BaseTypeDeclarationSyntax declaration)
    {
        var isOfNamespace = _symbol is INamespaceSymbol;
        var modifiersFit = declaration.Modifiers.All(modifier => modifier.Kind() is SyntaxKind.PublicKeyword or SyntaxKind.InternalKeyword or SyntaxKind.SealedKeyword or SyntaxKind.AbstractKeyword or SyntaxKind.PartialKeyword
            || (modifier.Kind() is SyntaxKind.StaticKeyword && declaration.BaseList is null)
            || (modifier.Kind() is SyntaxKind.PrivateKeyword or SyntaxKind.ProtectedKeyword && !isOfNamespace))
            && declaration.Modifiers.Count(modifier => modifier.Kind() is SyntaxKind.SealedKeyword or SyntaxKind.AbstractKeyword or SyntaxKind.StaticKeyword) <= 1;
        var members = FindInside(declaration);
        if (!modifiersFit || (members is { } inside && inside.OverlapsWith(_span) && HasMembers(declaration)) || declaration is TypeDeclarationSyntax { ConstraintClauses.Count: > 0 })
        {
            return false;
        }

        var arity = (declaration as TypeDeclarationSyntax)?.TypeParameterList?.Parameters.Count ?? 0;
        var isTaken = Touches(declaration) && declaration.Identifier.Span.OverlapsWith(_span) && (_symbol.GetTypeMembers(declaration.Identifier.ValueText, arity).Any(IsOfProject) || _symbol is INamedTypeSymbol type && (type.Name == declaration.Identifier.ValueText || type.GetMembers(declaration.Identifier.ValueText).Length > 0));
        var own = (declaration as TypeDeclarationSyntax)?.TypeParameterList?.Parameters.Select(parameter => parameter.Identifier.ValueText).ToImmutableHashSet(StringComparer.Ordinal) ?? [];
        var parameters = (declaration as TypeDeclarationSyntax)?.ParameterList;
        var areParametersClean = !Touches(parameters) || (!HasTwins(parameters) && parameters!.Parameters.All(IsPlain) && parameters.Parameters.All(parameter => _names.FindType(parameter.Type!, own) is { } bound && IsAsVisible(bound, declaration.Modifiers, _symbol as INamedTypeSymbol)));
        return areParametersClean && !isTaken && (declaration.BaseList is not { } bases || AreCleanBases(declaration, bases, own));
    }

    /// <summary>A package may have a type of the same name.</summary>
    private bool IsOfProject(ISymbol symbol) => SymbolEqualityComparer.Default.Equals(symbol.ContainingAssembly, _names.Model.Compilation.Assembly);

    /// <summary>Any name will do that is no type's, where nothing else declares a namespace.</summary>
    private bool IsCleanHeader(BaseNamespaceDeclarationSyntax declaration)
    {
        if (declaration.Members.Any(Touches) || Touches(declaration.Usings) || Touches(declaration.Externs) || _container is not CompilationUnitSyntax { Members.Count: 1 })
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
            if (!Touches(one))
            {
                isFirst = false;
                continue;
            }

            if (one is not SimpleBaseTypeSyntax || _names.FindType(one.Type, own) is not INamedTypeSymbol bound || !IsAsVisible(bound, declaration.Modifiers, _symbol as INamedTypeSymbol))
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

    /// <summary>Whether a type may stand in the header of a declaration: whoever sees the declaration sees the type. Where that is not plain the fork decides.</summary>
    private static bool IsAsVisible(ITypeSymbol type, SyntaxTokenList modifiers, INamedTypeSymbol? container)
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

    private static bool IsSpecial(INamedTypeSymbol type) => type.SpecialType is SpecialType.System_Enum or SpecialType.System_ValueType or SpecialType.System_Array or SpecialType.System_Delegate or SpecialType.System_MulticastDelegate;

    /// <summary>Nothing abstract is left for members that stand there already, and a constructor that nobody wrote can call the base's.</summary>
    private static bool OwesNothing(BaseTypeDeclarationSyntax declaration, INamedTypeSymbol baseType)
    {
        var hasConstructor = declaration is TypeDeclarationSyntax type && type.Members.Any(SyntaxKind.ConstructorDeclaration);
        return (!HasMembers(declaration) || !DemandsMembers(baseType)) && (hasConstructor || CanBeBegunBy(baseType));
    }

    /// <summary>Whether a constructor that does not say how the base is made can make it.</summary>
    private static bool CanBeBegun(INamedTypeSymbol type) => !type.IsRecord && (type.TypeKind == TypeKind.Struct || (type.BaseType is { TypeKind: TypeKind.Class } baseType && CanBeBegunBy(baseType)));

    private static bool CanBeBegunBy(INamedTypeSymbol baseType) => baseType.InstanceConstructors.Any(constructor => constructor.Parameters.Length == 0 && constructor.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal);

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

    private bool IsClean(EnumDeclarationSyntax list, EnumMemberDeclarationSyntax member)
    {
        var value = member.EqualsValue?.Value;
        var isNumber = value is null or LiteralExpressionSyntax { Token.Value: int } or PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression, Operand: LiteralExpressionSyntax { Token.Value: int } };
        var isInt = list.BaseList is null or { Types: [{ Type: PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.IntKeyword or (int)SyntaxKind.LongKeyword } }] }
            || (value is not PrefixUnaryExpressionSyntax && list.BaseList is { Types: [{ Type: PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.UIntKeyword } }] });
        var name = member.Identifier.ValueText;
        return isNumber && isInt && AttributeCheck.AreClean(_names, member.AttributeLists, member)
            && !(member.Identifier.Span.OverlapsWith(_span) && (list.Members.Any(other => other != member && other.Identifier.ValueText == name) || name == "value__"));
    }

    private bool IsCleanValue(FieldDeclarationSyntax field, VariableDeclaratorSyntax variable) =>
        !Touches(variable.Initializer)
        || (_names.FindType(field.Declaration.Type, []) is { } type && _names.Takes(type, variable.Initializer!.Value)
            && (variable.Initializer.Value is LiteralExpressionSyntax || !field.Modifiers.Any(SyntaxKind.ConstKeyword))
            && (!field.Modifiers.Any(SyntaxKind.ConstKeyword) || type.SpecialType is >= SpecialType.System_Boolean and <= SpecialType.System_String));

    /// <summary>Whether two parameters are called the same.</summary>
    private bool HasTwins(ParameterListSyntax? parameters)
    {
        var twin = parameters?.Parameters.Where(parameter => !parameter.Identifier.IsMissing).GroupBy(parameter => parameter.Identifier.ValueText, StringComparer.Ordinal).SelectMany(group => group.Skip(1)).FirstOrDefault();
        if (twin is not null)
        {
            _names.Wrong ??= new SemanticProblem(RejectionKind.Other, twin.Identifier.Span, twin.Identifier.ValueText, twin);
        }

        return twin is not null;
    }

    /// <summary>Without a default value, and the receiver of an extension only where there may be one.</summary>
    private bool IsPlain(ParameterSyntax parameter) =>
        parameter is { Default: null, Type: not null } && AttributeCheck.AreClean(_names, parameter.AttributeLists, parameter)
        && !parameter.Modifiers.Any(SyntaxKind.ScopedKeyword) && (!parameter.Modifiers.Any(SyntaxKind.ThisKeyword) || IsReceiver(parameter));

    private bool IsReceiver(ParameterSyntax parameter) => _symbol is INamedTypeSymbol { IsStatic: true, Arity: 0, ContainingType: null }
        && parameter.Parent?.Parent is MethodDeclarationSyntax method && method.Modifiers.Any(SyntaxKind.StaticKeyword) && method.ParameterList.Parameters[0] == parameter;

    private bool IsCleanValue(PropertyDeclarationSyntax property) =>
        Touches(property.Initializer) && property is { ExplicitInterfaceSpecifier: null, AccessorList: not null } && _names.FindType(property.Type, []) is { } type && _names.Takes(type, property.Initializer!.Value);

    /// <summary>Whether a constructor of the base, or another one of the type, takes just the arguments that it is called with.</summary>
    private bool IsCleanInitializer(INamedTypeSymbol type, ConstructorDeclarationSyntax constructor)
    {
        if (constructor.Initializer is not { ArgumentList.Arguments: var arguments } initializer || !Touches(initializer)
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

    private bool IsCleanBody(MemberDeclarationSyntax member, SyntaxNode? body) => Touches(body) && _bodies is { } bodies && bodies.IsClean(member, body!);

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
            .Where(node => Touches(node) && !node.IsNotNull && !node.IsUnmanaged && node.Parent is not ExplicitInterfaceSpecifierSyntax)
            .Select(node => _names.FindType(node, own)).ToList()
            .All(bound => bound is not null and not INamedTypeSymbol { IsStatic: true } && (type is null || IsAsVisible(bound, member.Modifiers, type)));
    }
}
