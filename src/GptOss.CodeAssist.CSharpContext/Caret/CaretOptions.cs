using System.Collections.Immutable;
using GptOss.CodeAssist.CSharpContext.Gate;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Caret;

/// <summary>Lists what may stand at a caret. Speculates on the last good compilation; milliseconds, so that decoding can ask between two tokens.</summary>
/// <remarks>Pure and safe from any thread. Every doubt (missing packages, unseen generated code, dynamic) gives null: a list that lacks the right name does harm.</remarks>
public static class CaretOptions
{
    /// <summary>How much of the text before a word tells where it stands, in UTF-16 units.</summary>
    public const int ReadBefore = 1_600;

    private static readonly SymbolDisplayFormat TypeFormat = SymbolDisplayFormat.MinimallyQualifiedFormat;

    private static readonly SymbolDisplayFormat MemberFormat = SymbolDisplayFormat.MinimallyQualifiedFormat
        .WithMemberOptions(SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType)
        .WithMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    /// <summary>How many types of values are listed ahead; the lists of others wait until they are asked for.</summary>
    private const int MaximumListedAhead = 24;

    /// <summary>Finds out what the first questions about members in a place would have to wait for: extension methods above all. For work ahead of time.</summary>
    /// <param name="document">The document.</param>
    /// <param name="caret">Offset in its text.</param>
    /// <param name="receivers">Types of the values in scope, nearest first.</param>
    /// <param name="isLate">Whether to begin nothing more.</param>
    internal static void WarmUp(CSharpDocument document, int caret, IEnumerable<ITypeSymbol> receivers, Func<bool> isLate)
    {
        if (Speculation.Find(document, caret, CancellationToken.None) is not { } speculation)
        {
            return;
        }

        var seen = SeenFrom.Of(speculation);
        var position = speculation.Counterpart.SpanStart;
        foreach (var type in receivers.Where(type => type.TypeKind is not (TypeKind.Error or TypeKind.Dynamic)).Distinct<ITypeSymbol>(SymbolEqualityComparer.Default).Take(MaximumListedAhead))
        {
            if (isLate())
            {
                return;
            }

            seen.MembersOf(speculation.CompiledModel, position, type, isNamed: false);
        }

        seen.Creatable(speculation.CompiledModel, position);
    }

    /// <summary>
    /// The names that may follow some text: after <c>.</c>, <c>?.</c>, <c>::</c>, <c>new </c>, <c>override </c> and <c>case </c>, of attributes, of further named arguments,
    /// in initializers and in the arms of switches over enumerations, each with the beginning of a name; null where more than names may.
    /// </summary>
    /// <param name="document">The document.</param>
    /// <param name="replaced">What the text will replace; empty at the caret.</param>
    /// <param name="generated">The text so far, for instance what a model has written; may be empty.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static NameOptions? FindNames(CSharpDocument document, TextSpan replaced, string generated, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(generated);
        if (document.Project is null || document.CompiledTree is null)
        {
            return null;
        }

        var before = document.Text.ToString(TextSpan.FromBounds(Math.Max(0, replaced.Start - ReadBefore), replaced.Start)) + generated;
        var place = NamePlaces.Find(before);
        if (place == NamePlace.None)
        {
            return null;
        }

        // What follows the caret would be taken for the name's own; a placeholder keeps it apart.
        var position = replaced.Start + generated.Length;
        var changed = document.WithChange(replaced, generated + place switch { NamePlace.Arm => "x => 0", NamePlace.Case => "x:", NamePlace.Attribute => "x]", _ => "x;" });
        var token = changed.Tree.GetRoot(cancellationToken).FindToken(position);
        var typed = token.ValueText[..Math.Max(0, Math.Min(token.ValueText.Length, position - token.SpanStart))];
        try
        {
            switch (place)
            {
                case NamePlace.Overridden:
                    return FindOverridable(changed, token, typed, NamePlaces.FindOverridden(before) ?? [], cancellationToken);
                case NamePlace.Attribute:
                    return FindAttributes(changed, token, typed, cancellationToken);
            }

            return token.Parent is SimpleNameSyntax name && Speculation.Find(changed, position, cancellationToken) is { } speculation && speculation.Root.FullSpan.Contains(name.Span)
                ? FindMembers(changed, speculation, name, typed, cancellationToken)
                : null;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or NullReferenceException)
        {
            return null; // dotnet/roslyn#70575: no list is always right.
        }
    }

    /// <summary>Whether <see cref="FindNames"/> may find a list after a text, by its characters alone: microseconds, so that most words of an answer cost nothing.</summary>
    /// <param name="before">The text before the word, or up to somewhere in it: the last <see cref="ReadBefore"/> UTF-16 units are enough.</param>
    public static bool MayListNames(ReadOnlySpan<char> before) => NamePlaces.Find(before) != NamePlace.None;

    /// <summary>What the compiler knows about a caret; <see cref="CaretFacts.None"/> where no compilation is ready.</summary>
    public static CaretFacts Find(CSharpDocument document, int caret, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(document);
        if (document.Project is not { } project || document.CompiledTree is not { } compiledTree)
        {
            return CaretFacts.None;
        }

        var missing = FindMissingMembers(document, compiledTree, project, caret, cancellationToken);
        var changed = document.WithChange(new TextSpan(caret, 0), " default ");
        var position = caret + 1;
        if (Speculation.Find(changed, position, cancellationToken) is not { } speculation)
        {
            return new CaretFacts(null, [], missing);
        }

        try
        {
            var hole = changed.Tree.GetRoot(cancellationToken).FindToken(position).Parent;
            var expected = hole is LiteralExpressionSyntax literal && speculation.Root.FullSpan.Contains(literal.Span) ? ExpectedTypeOf(speculation.Model, literal, cancellationToken) : null;
            var scope = hole is null ? [] : NamesInScope.Find(speculation, hole, cancellationToken);
            return new CaretFacts(expected?.ToDisplayString(TypeFormat), scope, missing);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or NullReferenceException)
        {
            return new CaretFacts(null, [], missing); // dotnet/roslyn#70575
        }
    }

    private static NameOptions? FindMembers(CSharpDocument changed, Speculation speculation, SimpleNameSyntax name, string typed, CancellationToken cancellationToken)
    {
        var model = speculation.Model;
        var doubt = new Doubt(changed, model);
        switch (name.Parent)
        {
            case MemberAccessExpressionSyntax access when access.Name == name:
                return MembersOf(access.Expression);
            case MemberBindingExpressionSyntax binding when binding.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>() is { } conditional:
                return MembersOf(conditional.Expression);
            case QualifiedNameSyntax qualified when qualified.Right == name:
                return MembersOf(qualified.Left);
            case ObjectCreationExpressionSyntax when !doubt.HasUnresolvedUsings(cancellationToken):
                return Options(SeenFrom.Of(speculation).Creatable(model, name.SpanStart), "types that can be created");
            case AliasQualifiedNameSyntax alias when alias.Name == name:
                return MembersOfAlias(alias.Alias);
            case InitializerExpressionSyntax initializer when !doubt.HasUnresolvedUsings(cancellationToken):
                return ToOptions(ListedNames.Settable(model, initializer, name, cancellationToken), typed, "what can be set");
            case ArgumentSyntax argument when !doubt.HasUnresolvedUsings(cancellationToken):
                return ToOptions(ListedNames.Parameters(model, argument, cancellationToken), typed, "parameters");
            case CaseSwitchLabelSyntax { Parent.Parent: SwitchStatementSyntax statement }:
                return ToOptions(ListedNames.Cases(model, statement.Expression, name, cancellationToken), typed, "cases");
            case ConstantPatternSyntax { Parent: CasePatternSwitchLabelSyntax { Parent.Parent: SwitchStatementSyntax statement } }:
                return ToOptions(ListedNames.Cases(model, statement.Expression, name, cancellationToken), typed, "cases");
            case ConstantPatternSyntax { Parent: SwitchExpressionArmSyntax { Parent: SwitchExpressionSyntax expression } }:
                return ToOptions(ListedNames.Cases(model, expression.GoverningExpression, name, cancellationToken), typed, "cases");
            default:
                return null;
        }

        NameOptions? MembersOf(ExpressionSyntax qualifier)
        {
            var symbol = model.GetSymbolInfo(qualifier, cancellationToken).Symbol;
            var isType = symbol is ITypeSymbol or INamespaceSymbol;
            var container = symbol as INamespaceOrTypeSymbol ?? model.GetTypeInfo(qualifier, cancellationToken).Type;
            if (container is INamespaceSymbol space)
            {
                return changed.Project!.ReferencesComplete ? Options(model.LookupNamespacesAndTypes(name.SpanStart, space), space.ToDisplayString()) : null;
            }

            if (container is not ITypeSymbol { TypeKind: not (TypeKind.Error or TypeKind.Dynamic) } type || doubt.MayHaveUnseenMembers(type) || doubt.HasUnresolvedUsings(cancellationToken))
            {
                return null;
            }

            if (name.Parent is MemberBindingExpressionSyntax && type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
            {
                type = nullable.TypeArguments[0];
            }

            // `Color.Red` where a property and its type share the name means either.
            var found = qualifier is BaseExpressionSyntax ? model.LookupBaseMembers(name.SpanStart) : SeenFrom.Of(speculation).MembersOf(model, name.SpanStart, type, isType);
            var members = found
                .Where(member => isType ? member.IsStatic || member is ITypeSymbol : !member.IsStatic || member is IMethodSymbol { IsExtensionMethod: true } || qualifier is IdentifierNameSyntax identifier && identifier.Identifier.ValueText == type.Name);
            if (isType && type.TypeKind == TypeKind.Enum && name.Parent is MemberAccessExpressionSyntax access && ListedNames.Handled(access) is { Count: > 0 } handled)
            {
                var left = members.Where(member => !handled.Contains(member.Name)).ToList();
                members = left.Exists(member => member is IFieldSymbol) ? left : members;
            }

            return Options(members, type.ToDisplayString(TypeFormat));
        }

        NameOptions? MembersOfAlias(IdentifierNameSyntax alias)
        {
            var container = alias.Identifier.IsKind(SyntaxKind.GlobalKeyword) ? changed.Project!.Compilation.GlobalNamespace : model.GetAliasInfo(alias, cancellationToken)?.Target;
            return container is INamespaceSymbol space && changed.Project!.ReferencesComplete ? Options(model.LookupNamespacesAndTypes(name.SpanStart, space), alias.ToString()) : null;
        }

        NameOptions? Options(IEnumerable<ISymbol> symbols, string of) => ToOptions(symbols.Where(symbol => symbol.CanBeReferencedByName).Select(symbol => symbol.Name), typed, of, mayBeKeywords: false);
    }

    private static NameOptions? FindOverridable(CSharpDocument changed, SyntaxToken token, string typed, string[] words, CancellationToken cancellationToken)
    {
        // What is inherited can only be told of a type that was compiled with its bases.
        if (token.Parent?.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } declaration || FindCompiled(changed, declaration, cancellationToken) is not TypeDeclarationSyntax compiled)
        {
            return null;
        }

        var model = changed.Project!.ModelOf(changed.CompiledTree!);
        return model.GetDeclaredSymbol(compiled, cancellationToken) is { } type && !new Doubt(changed, model).HasUnresolvedUsings(cancellationToken)
            ? ToOptions(ListedNames.Overridable(type, words), typed, "what can be overridden")
            : null;
    }

    private static NameOptions? FindAttributes(CSharpDocument changed, SyntaxToken token, string typed, CancellationToken cancellationToken)
    {
        if (token.Parent is not SimpleNameSyntax { Parent: AttributeSyntax } name || name.FirstAncestorOrSelf<BlockSyntax>() is not null)
        {
            return null;
        }

        var position = name.Ancestors().Select(node => node switch
        {
            TypeDeclarationSyntax type when FindCompiled(changed, type, cancellationToken) is TypeDeclarationSyntax compiled => compiled.OpenBraceToken.Span.End,
            NamespaceDeclarationSyntax space when FindCompiled(changed, space, cancellationToken) is NamespaceDeclarationSyntax compiled => compiled.OpenBraceToken.Span.End,
            FileScopedNamespaceDeclarationSyntax space when FindCompiled(changed, space, cancellationToken) is FileScopedNamespaceDeclarationSyntax compiled => compiled.SemicolonToken.Span.End,
            CompilationUnitSyntax => changed.CompiledTree!.GetRoot(cancellationToken).Span.End,
            _ => -1,
        }).First(found => found >= 0);
        var model = changed.Project!.ModelOf(changed.CompiledTree!);
        return new Doubt(changed, model).HasUnresolvedUsings(cancellationToken) ? null : ToOptions(ListedNames.Attributes(model, position), typed, "attributes");
    }

    private static SyntaxNode? FindCompiled(CSharpDocument changed, SyntaxNode declaration, CancellationToken cancellationToken) =>
        Speculation.FindCounterpart(declaration, changed.CompiledTree!.GetRoot(cancellationToken));

    /// <param name="mayBeKeywords">Whether a name that is a keyword stands for the keyword, and not for something that is called so.</param>
    private static NameOptions? ToOptions(IEnumerable<string> names, string typed, string of, bool mayBeKeywords = true)
    {
        var fitting = names.Select(name => mayBeKeywords || SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name)
            .Where(candidate => candidate.StartsWith(typed, StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal).ToImmutableArray();
        return fitting.IsEmpty ? null : new NameOptions(fitting, typed, of);
    }

    private static ITypeSymbol? ExpectedTypeOf(SemanticModel model, ExpressionSyntax hole, CancellationToken cancellationToken)
    {
        if (model.GetTypeInfo(hole, cancellationToken).ConvertedType is { TypeKind: not TypeKind.Error } converted)
        {
            return converted;
        }

        // Among overloads the compiler does not decide; all candidates may still agree on the parameter.
        if (hole.Parent is not ArgumentSyntax { Parent: ArgumentListSyntax { Parent: { } call } list } argument)
        {
            return null;
        }

        var index = list.Arguments.IndexOf(argument);
        var info = model.GetSymbolInfo(call, cancellationToken);
        var types = info.CandidateSymbols.OfType<IMethodSymbol>().Where(method => method.Parameters.Length > index).Select(method => method.Parameters[index].Type).Distinct<ITypeSymbol>(SymbolEqualityComparer.Default).ToList();
        return types.Count == 1 ? types[0] : null;
    }

    private static ImmutableArray<string> FindMissingMembers(CSharpDocument document, SyntaxTree compiledTree, CompiledProject project, int caret, CancellationToken cancellationToken)
    {
        var root = document.Tree.GetRoot(cancellationToken);
        var syntax = root.FindToken(Math.Min(caret, root.FullSpan.End)).Parent?.FirstAncestorOrSelf<TypeDeclarationSyntax>();
        if (syntax is null || Speculation.FindCounterpart(syntax, compiledTree.GetRoot(cancellationToken)) is not { } compiled
            || project.ModelOf(compiledTree).GetDeclaredSymbol(compiled, cancellationToken) is not INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct } type)
        {
            return [];
        }

        var missing = type.AllInterfaces
            .SelectMany(contract => contract.GetMembers())
            .Where(member => member is { IsAbstract: true } and not IMethodSymbol { MethodKind: not MethodKind.Ordinary } && type.FindImplementationForInterfaceMember(member) is null)
            .ToList();
        if (!type.IsAbstract)
        {
            var overridden = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
            for (var (current, depth) = ((INamedTypeSymbol?)type, 0); current is not null && depth < 50; current = current.BaseType, depth++)
            {
                foreach (var member in current.GetMembers())
                {
                    if (Overridden(member) is { } original)
                    {
                        overridden.Add(original.OriginalDefinition);
                    }

                    if (member.IsAbstract && !overridden.Contains(member.OriginalDefinition) && member is not IMethodSymbol { MethodKind: not MethodKind.Ordinary })
                    {
                        missing.Add(member);
                    }
                }
            }
        }

        return [.. missing.Select(member => member.ToDisplayString(MemberFormat)).Distinct()];

        static ISymbol? Overridden(ISymbol member) => member switch
        {
            IMethodSymbol method => method.OverriddenMethod,
            IPropertySymbol property => property.OverriddenProperty,
            IEventSymbol @event => @event.OverriddenEvent,
            _ => null,
        };
    }
}
