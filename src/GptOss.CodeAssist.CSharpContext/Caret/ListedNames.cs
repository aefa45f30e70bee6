using System.Buffers;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.CSharpContext.Caret;

/// <summary>The names that may stand in places that are not members of an expression: initializers, named arguments, cases, overridden members, attributes.</summary>
/// <remarks>An empty list means that anything may stand there.</remarks>
internal static class ListedNames
{
    private static readonly SearchValues<char> BehindTypeNames = SearchValues.Create("<?[(, ");
    private static readonly ImmutableArray<string> PatternWords = ["not", "null", "var", "global"];
    private static readonly ImmutableArray<string> AttributeTargets = ["assembly", "module", "field", "event", "method", "param", "property", "return", "type", "typevar", "global"];
    private static readonly ImmutableArray<string> OverridingWords = ["async", "sealed", "unsafe", "readonly", "partial", "required", "ref", "global"];

    /// <summary>What of an object may be set in its initializer and is not yet.</summary>
    public static IEnumerable<string> Settable(SemanticModel model, InitializerExpressionSyntax initializer, SimpleNameSyntax name, CancellationToken cancellationToken)
    {
        if (initializer.Parent is not ExpressionSyntax creation || TypeOf(model, creation, cancellationToken) is not { TypeKind: not (TypeKind.Error or TypeKind.Dynamic) } type
            || type.SpecialType == SpecialType.System_Collections_IEnumerable || (creation is not WithExpressionSyntax && type.AllInterfaces.Any(one => one.SpecialType == SpecialType.System_Collections_IEnumerable)))
        {
            return []; // What can be added to takes any expression.
        }

        var used = initializer.Expressions.OfType<AssignmentExpressionSyntax>().Select(assignment => assignment.Left.ToString()).ToHashSet(StringComparer.Ordinal);
        return model.LookupSymbols(name.SpanStart, type)
            .Where(member => !member.IsStatic && member is IPropertySymbol { IsIndexer: false } or IFieldSymbol { IsReadOnly: false, IsConst: false } or IEventSymbol && !used.Contains(member.Name))
            .Select(member => member.Name);
    }

    private static ITypeSymbol? TypeOf(SemanticModel model, ExpressionSyntax creation, CancellationToken cancellationToken) =>
        model.GetTypeInfo(creation, cancellationToken) is var info && creation is ImplicitObjectCreationExpressionSyntax ? info.ConvertedType : info.Type;

    /// <summary>The parameters of a call that have no argument yet.</summary>
    public static IEnumerable<string> Parameters(SemanticModel model, ArgumentSyntax argument, CancellationToken cancellationToken)
    {
        if (argument.Parent is not BaseArgumentListSyntax { Parent: { } call } list)
        {
            return [];
        }

        var index = list.Arguments.IndexOf(argument);
        var earlier = list.Arguments.Take(index).ToList();
        if (!earlier.Exists(one => one.NameColon is not null))
        {
            return [];
        }

        var info = model.GetSymbolInfo(call, cancellationToken);
        IEnumerable<ISymbol> callees = info.Symbol is { } symbol ? [symbol] : info.CandidateSymbols;
        if (callees.FirstOrDefault() is IMethodSymbol { MethodKind: not MethodKind.DelegateInvoke } method && call is InvocationExpressionSyntax)
        {
            // The compiler names only the overloads that come closest to what is there so far.
            callees = callees.Concat(method.ReducedFrom is null ? method.ContainingType.GetMembers(method.Name) : []);
        }

        var named = earlier.Select(one => one.NameColon?.Name.Identifier.ValueText).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var positional = earlier.TakeWhile(one => one.NameColon is null).Count();
        return callees.Select(ParametersOf).Where(parameters => named.All(known => parameters.Any(parameter => parameter.Name == known)))
            .SelectMany(parameters => parameters.Skip(positional))
            .Select(parameter => parameter.Name)
            .Where(parameter => !named.Contains(parameter));
    }

    private static ImmutableArray<IParameterSymbol> ParametersOf(ISymbol symbol) => symbol switch
    {
        IMethodSymbol method => method.Parameters,
        IPropertySymbol property => property.Parameters,
        _ => [],
    };

    /// <summary>How the cases of a switch over an enumeration may begin.</summary>
    public static IEnumerable<string> Cases(SemanticModel model, ExpressionSyntax? governing, SimpleNameSyntax name, CancellationToken cancellationToken)
    {
        if (governing is null || EnumOf(model, governing, cancellationToken) is not { } type)
        {
            return [];
        }

        var constants = model.LookupSymbols(name.SpanStart)
            .Where(symbol => symbol is IFieldSymbol { IsConst: true } field && SymbolEqualityComparer.Default.Equals(field.Type, type) || symbol is ILocalSymbol { IsConst: true } local && SymbolEqualityComparer.Default.Equals(local.Type, type))
            .Select(symbol => symbol.Name);
        return [type.Name, .. Qualifiers(type), .. constants, .. PatternWords, .. name.Parent is ConstantPatternSyntax { Parent: SwitchExpressionArmSyntax } ? ["_"] : Array.Empty<string>()];
    }

    /// <summary>Members of an enumeration that the switch around them handles already.</summary>
    public static ImmutableHashSet<string> Handled(MemberAccessExpressionSyntax access)
    {
        var label = access.Parent is ConstantPatternSyntax pattern ? pattern.Parent : access.Parent;
        IEnumerable<ExpressionSyntax?> others = label switch
        {
            SwitchLabelSyntax { Parent.Parent: SwitchStatementSyntax statement } => statement.Sections.SelectMany(section => section.Labels).Where(one => one != label)
                .Select(one => one is CaseSwitchLabelSyntax plain ? plain.Value : one is CasePatternSwitchLabelSyntax { WhenClause: null, Pattern: ConstantPatternSyntax constant } ? constant.Expression : null),
            SwitchExpressionArmSyntax { Parent: SwitchExpressionSyntax expression } => expression.Arms.Where(one => one != label && one.WhenClause is null).Select(one => (one.Pattern as ConstantPatternSyntax)?.Expression),
            _ => [],
        };
        var qualifier = access.Expression.ToString();
        return [.. others.OfType<MemberAccessExpressionSyntax>().Where(other => other.Expression.ToString() == qualifier).Select(other => other.Name.Identifier.ValueText)];
    }

    private static INamedTypeSymbol? EnumOf(SemanticModel model, ExpressionSyntax governing, CancellationToken cancellationToken) => model.GetTypeInfo(governing, cancellationToken).Type switch
    {
        INamedTypeSymbol { TypeKind: TypeKind.Enum } type => type,
        INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: [INamedTypeSymbol { TypeKind: TypeKind.Enum } type] } => type,
        _ => null,
    };

    /// <summary>The types and namespaces by which a type may be named.</summary>
    private static IEnumerable<string> Qualifiers(INamedTypeSymbol type)
    {
        for (ISymbol? around = type.ContainingSymbol; around is INamedTypeSymbol or INamespaceSymbol { IsGlobalNamespace: false }; around = around.ContainingSymbol)
        {
            yield return around.Name;
        }
    }

    /// <summary>After <c>override</c>: how the types begin of what may be overridden; after such a type, the names.</summary>
    /// <param name="type">The type around the caret, as it was compiled.</param>
    /// <param name="words">What stands after <c>override</c> already.</param>
    public static IEnumerable<string> Overridable(INamedTypeSymbol type, string[] words)
    {
        string[] said = [.. words.Where(word => !OverridingWords.Contains(word))];
        var members = new List<ISymbol>();
        for (var (current, depth) = (type.BaseType, 0); current is not null && depth < 50; current = current.BaseType, depth++)
        {
            if (current.TypeKind == TypeKind.Error)
            {
                return []; // Who knows what it has.
            }

            members.AddRange(current.GetMembers().Where(member => (member.IsVirtual || member.IsAbstract || member.IsOverride) && !member.IsSealed && member.DeclaredAccessibility != Accessibility.Private
                && member is IMethodSymbol { MethodKind: MethodKind.Ordinary } or IPropertySymbol or IEventSymbol && member.Name != "Finalize"));
        }

        if (said.Length == 0)
        {
            return [.. members.SelectMany(member => BeginningsOf(TypeOf(member))), .. OverridingWords, "event"];
        }

        var beginning = new string([.. said[0].TakeWhile(character => char.IsLetterOrDigit(character) || character == '_')]);
        return members.Where(member => BeginningsOf(TypeOf(member)).Contains(beginning)).Select(member => member is IPropertySymbol { IsIndexer: true } ? "this" : member.Name);
    }

    private static ITypeSymbol TypeOf(ISymbol member) => member switch
    {
        IMethodSymbol method => method.ReturnType,
        IPropertySymbol property => property.Type,
        _ => ((IEventSymbol)member).Type,
    };

    /// <summary>The first words by which a type may be written.</summary>
    private static IEnumerable<string> BeginningsOf(ITypeSymbol type)
    {
        while (type is IArrayTypeSymbol array)
        {
            type = array.ElementType;
        }

        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: [var underlying] })
        {
            type = underlying;
        }

        var text = type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
        yield return text[..Math.Max(1, text.AsSpan().IndexOfAny(BehindTypeNames) is var end and > 0 ? end : text.Length)];
        yield return type.Name.Length > 0 ? type.Name : text;
        for (ISymbol? around = type.ContainingSymbol; around is INamedTypeSymbol or INamespaceSymbol { IsGlobalNamespace: false }; around = around.ContainingSymbol)
        {
            yield return around.Name;
        }
    }

    /// <summary>Attributes in scope, with what else may stand after the bracket.</summary>
    public static IEnumerable<string> Attributes(SemanticModel model, int position)
    {
        const string Suffix = "Attribute";
        foreach (var symbol in model.LookupNamespacesAndTypes(position))
        {
            if (symbol is INamespaceSymbol or IAliasSymbol || symbol is INamedTypeSymbol { IsAbstract: false } outer && outer.GetTypeMembers().Any(IsAttribute))
            {
                yield return symbol.Name;
            }
            else if (symbol is INamedTypeSymbol type && IsAttribute(type))
            {
                yield return type.Name;
                if (type.Name.EndsWith(Suffix, StringComparison.Ordinal) && type.Name.Length > Suffix.Length)
                {
                    yield return type.Name[..^Suffix.Length];
                }
            }
        }

        foreach (var target in AttributeTargets)
        {
            yield return target;
        }
    }

    private static bool IsAttribute(INamedTypeSymbol type)
    {
        if (type is not { TypeKind: TypeKind.Class, IsAbstract: false })
        {
            return false;
        }

        for (var (current, depth) = (type.BaseType, 0); current is not null && depth < 50; current = current.BaseType, depth++)
        {
            if (current.TypeKind == TypeKind.Error || current is { Name: "Attribute", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } })
            {
                return true;
            }
        }

        return false;
    }
}
