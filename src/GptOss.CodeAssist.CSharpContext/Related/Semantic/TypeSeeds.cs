using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.CSharpContext.Related.Semantic;

/// <summary>Collects the types that the code at a caret deals with, from the nearest scope outwards.</summary>
internal sealed class TypeSeeds
{
    /// <summary>Generic arguments, element types and constraints are followed this deep: a constraint may mention its own type for ever.</summary>
    private const int MaximumDepth = 3;

    private const int MaximumNames = 150;

    /// <summary>Types by name, for each compiled tree: the names of a file hardly change from keystroke to keystroke.</summary>
    private static readonly ConditionalWeakTable<SyntaxTree, ConcurrentDictionary<string, ImmutableArray<INamedTypeSymbol>>> LookedUp = [];

    private readonly CSharpDocument _document;
    private readonly int _caret;
    private readonly Dictionary<INamedTypeSymbol, TypeSeed> _seeds = new(SymbolEqualityComparer.Default);
    private readonly List<ITypeSymbol> _receivers = [];
    private int _order;

    private TypeSeeds(CSharpDocument document, int caret)
    {
        _document = document;
        _caret = caret;
    }

    /// <summary>The seeds in order of rank.</summary>
    public IReadOnlyList<TypeSeed> Seeds => [.. _seeds.Values.OrderBy(seed => seed.Rank)];

    /// <summary>Types of the values in scope, nearest first: what extension methods may apply to.</summary>
    public IReadOnlyList<ITypeSymbol> Receivers => _receivers;

    /// <summary>The overloads of the call whose arguments hold the caret.</summary>
    public IReadOnlyList<ISymbol> Callees { get; private set; } = [];

    /// <summary>The type around the caret, as the last good compilation knows it.</summary>
    public INamedTypeSymbol? ContainingType { get; private set; }

    /// <summary>The member around the caret, as the last good compilation knows it.</summary>
    public ISymbol? Member { get; private set; }

    /// <param name="document">The document; without a compilation there are no seeds.</param>
    /// <param name="caret">Offset in its text.</param>
    /// <param name="words">The document's words by their distance from the caret.</param>
    /// <param name="isLate">Whether the time is up; what was collected by then is used.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static TypeSeeds Collect(CSharpDocument document, int caret, IReadOnlyDictionary<string, int> words, Func<bool> isLate, CancellationToken cancellationToken)
    {
        var seeds = new TypeSeeds(document, caret);
        if (document.Project is not { } project || document.CompiledTree is not { } compiledTree)
        {
            return seeds;
        }

        var model = project.Compilation.GetSemanticModel(compiledTree);
        var root = document.Tree.GetRoot(cancellationToken);
        var token = root.FindToken(Math.Min(caret, root.FullSpan.End));
        if (token.SpanStart >= caret && token.SpanStart > 0)
        {
            token = token.GetPreviousToken();
        }

        var typeSyntax = token.Parent?.FirstAncestorOrSelf<TypeDeclarationSyntax>();
        var compiledType = typeSyntax is null ? null : Speculation.FindCounterpart(typeSyntax, compiledTree.GetRoot(cancellationToken));
        seeds.ContainingType = compiledType is null ? null : model.GetDeclaredSymbol(compiledType, cancellationToken) as INamedTypeSymbol;
        var memberSyntax = token.Parent?.AncestorsAndSelf().FirstOrDefault(node => node is MemberDeclarationSyntax and not BaseTypeDeclarationSyntax and not BaseNamespaceDeclarationSyntax);
        if (memberSyntax is not null && Speculation.FindCounterpart(memberSyntax, compiledTree.GetRoot(cancellationToken)) is { } compiledMember)
        {
            seeds.Member = model.GetDeclaredSymbol(compiledMember is BaseFieldDeclarationSyntax field ? field.Declaration.Variables[0] : compiledMember, cancellationToken);
        }

        seeds.AddMember(isLate, cancellationToken);
        if (!isLate())
        {
            seeds.AddContainingType();
        }

        if (!isLate())
        {
            seeds.AddNamesOfTheFile(model, compiledTree, compiledType?.SpanStart ?? 0, words, isLate);
        }

        if (!isLate())
        {
            seeds.AddTypesNamedLike(project, cancellationToken);
        }

        if (!isLate())
        {
            seeds.AddOneHop(isLate);
        }

        return seeds;
    }

    private void AddMember(Func<bool> isLate, CancellationToken cancellationToken)
    {
        if (Member is IMethodSymbol method)
        {
            Add(method.ReturnType, 20, $"returned by {method.Name}", 0);
            foreach (var parameter in method.Parameters)
            {
                Add(parameter.Type, 10, $"type of parameter {parameter.Name}", 0);
                _receivers.Add(parameter.Type);
            }
        }
        else if (Member is IPropertySymbol property)
        {
            Add(property.Type, 10, $"type of {property.Name}", 0);
        }

        if (Speculation.Find(_document, _caret, cancellationToken) is not { } speculation)
        {
            return;
        }

        FindCallees(speculation, cancellationToken);
        var nodes = speculation.Root.DescendantNodesAndSelf()
            .Where(node => node is SimpleNameSyntax or VariableDeclaratorSyntax or SingleVariableDesignationSyntax or ForEachStatementSyntax or InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax)
            .OrderBy(Distance)
            .Take(MaximumNames);
        foreach (var node in nodes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (isLate())
            {
                return;
            }

            var symbol = node is SimpleNameSyntax ? SymbolOf(speculation.Model, node, cancellationToken) : null;
            if (symbol is INamedTypeSymbol named)
            {
                Add(named, 0, "named next to the caret", 0);
            }
            else if (symbol is not null)
            {
                if (symbol is IMethodSymbol or IPropertySymbol or IFieldSymbol && symbol.ContainingType is { } owner)
                {
                    Add(owner, 40, $"declares {symbol.Name}", 0);
                }

                Add(TypeOf(symbol), 0, $"type of {symbol.Name}", 0);
                AddReceiver(TypeOf(symbol));
            }
            else if (node is not SimpleNameSyntax)
            {
                var type = speculation.Model.GetTypeInfo(node, cancellationToken).Type ?? TypeOf(DeclaredOf(speculation.Model, node, cancellationToken));
                Add(type, 5, "type of an expression next to the caret", 0);
                AddReceiver(type);
            }
        }
    }

    private void FindCallees(Speculation speculation, CancellationToken cancellationToken)
    {
        var list = speculation.Root.DescendantNodesAndSelf().OfType<ArgumentListSyntax>()
            .LastOrDefault(candidate => candidate.OpenParenToken.Span.End <= _caret && (candidate.CloseParenToken.IsMissing || _caret <= candidate.CloseParenToken.SpanStart) && candidate.FullSpan.End >= _caret);
        if (list?.Parent is not { } call)
        {
            return;
        }

        try
        {
            var info = speculation.Model.GetSymbolInfo(call, cancellationToken);
            Callees = info.Symbol?.ContainingType is { } type && info.Symbol is IMethodSymbol method
                ? [method, .. type.GetMembers(method.Name).Where(other => !SymbolEqualityComparer.Default.Equals(other, method.OriginalDefinition))]
                : info.CandidateSymbols;
        }
        catch (Exception exception) when (exception is ArgumentException or NullReferenceException)
        {
            Callees = []; // dotnet/roslyn#70575
        }
    }

    private int Distance(SyntaxNode node) => node.Span.End <= _caret ? _caret - node.Span.End : (node.SpanStart - _caret) * 2;

    private void AddReceiver(ITypeSymbol? type)
    {
        if (type is not null && _receivers.Count < 40)
        {
            _receivers.Add(type);
        }
    }

    private void AddContainingType()
    {
        if (ContainingType is not { } containing)
        {
            return;
        }

        Add(containing, 100, "the rest of this type", 0);
        for (var (type, depth) = (containing.BaseType, 0); type is not null && depth < 6; type = type.BaseType, depth++)
        {
            Add(type, 100 + depth, $"base of {containing.Name}", 0);
        }

        foreach (var contract in containing.Interfaces)
        {
            Add(contract, 110, $"implemented by {containing.Name}", 0);
        }

        foreach (var member in containing.GetMembers().OrderBy(member => member is IMethodSymbol))
        {
            Add(TypeOf(member), 200, $"type of {member.Name}", 0);
            foreach (var parameter in member is IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.Ordinary } method ? method.Parameters : [])
            {
                Add(parameter.Type, 220, $"type of parameter {parameter.Name}", 0);
            }
        }

        for (var (type, depth) = (containing.BaseType, 0); type is not null && depth < 4 && IsInSource(type); type = type.BaseType, depth++)
        {
            foreach (var member in type.GetMembers().Where(member => member.DeclaredAccessibility != Accessibility.Private && !member.IsImplicitlyDeclared))
            {
                Add(TypeOf(member), 300, $"type of the inherited {member.Name}", 0);
            }
        }
    }

    /// <summary>Names of types anywhere in the file, nearest first, looked up and not bound: a file may be long.</summary>
    private void AddNamesOfTheFile(SemanticModel model, SyntaxTree compiledTree, int position, IReadOnlyDictionary<string, int> words, Func<bool> isLate)
    {
        var known = LookedUp.GetOrCreateValue(compiledTree);
        var names = words.Where(word => char.IsUpper(word.Key[0])).OrderBy(word => word.Value).Take(MaximumNames).Select(word => word.Key);
        foreach (var name in names)
        {
            if (isLate())
            {
                return;
            }

            foreach (var type in known.GetOrAdd(name, _ => [.. model.LookupNamespacesAndTypes(position, name: name).OfType<INamedTypeSymbol>()]))
            {
                Add(type, 400, "named in this file", 0);
            }
        }
    }

    /// <summary>A constructor of <c>WeakSet</c>s deals with <c>JsWeakSet</c> and <c>WeakSetPrototype</c> before any line says so.</summary>
    private void AddTypesNamedLike(CompiledProject project, CancellationToken cancellationToken)
    {
        var parts = new[] { ContainingType?.Name, Member?.Name }.OfType<string>().SelectMany(Lexical.Words.PartsOf).ToHashSet(StringComparer.Ordinal);
        List<string> names = [.. project.Catalog.TypesNamedLike(parts, 10)];
        if (names.Count == 0)
        {
            return;
        }

        // One walk over the declarations for all names.
        var types = project.Compilation.GetSymbolsWithName(names.Contains, SymbolFilter.Type, cancellationToken).OfType<INamedTypeSymbol>();
        foreach (var type in types.OrderBy(type => names.IndexOf(type.Name)))
        {
            Add(type, 250, $"named like {ContainingType?.Name ?? Member?.Name}", 0);
        }
    }

    private void AddOneHop(Func<bool> isLate)
    {
        foreach (var seed in Seeds.Take(30))
        {
            if (isLate())
            {
                return;
            }

            foreach (var member in seed.Type.GetMembers().Where(member => member.DeclaredAccessibility is not Accessibility.Private && !member.IsImplicitlyDeclared))
            {
                Add(TypeOf(member), 500 + seed.Rank, $"type of {seed.Type.Name}.{member.Name}", 0);
            }

            for (var (type, depth) = (seed.Type.BaseType, 0); type is not null && depth < 4; type = type.BaseType, depth++)
            {
                Add(type, 450 + seed.Rank, $"base of {seed.Type.Name}", 0);
            }
        }
    }

    private void Add(ITypeSymbol? type, int rank, string reason, int depth)
    {
        if (type is null || depth > MaximumDepth)
        {
            return;
        }

        switch (type)
        {
            case IArrayTypeSymbol array:
                Add(array.ElementType, rank, reason, depth + 1);
                break;
            case ITypeParameterSymbol parameter:
                foreach (var constraint in parameter.ConstraintTypes)
                {
                    Add(constraint, rank, reason, depth + 1);
                }

                break;
            case INamedTypeSymbol named:
                var definition = named.OriginalDefinition;
                if (IsInSource(definition) && definition.TypeKind != TypeKind.Error)
                {
                    var seed = new TypeSeed(definition, rank * 1000 + Math.Min(_order++, 999), reason);
                    if (!_seeds.TryGetValue(definition, out var known) || known.Rank > seed.Rank)
                    {
                        _seeds[definition] = seed;
                    }
                }

                foreach (var argument in named.TypeArguments)
                {
                    Add(argument, rank + 1, reason, depth + 1);
                }

                break;
        }
    }

    public static bool IsInSource(ISymbol symbol) => symbol.Locations.Any(location => location.IsInSource);

    private static ISymbol? SymbolOf(SemanticModel model, SyntaxNode node, CancellationToken cancellationToken)
    {
        try
        {
            var info = model.GetSymbolInfo(node, cancellationToken);
            return info.Symbol ?? info.CandidateSymbols.FirstOrDefault();
        }
        catch (Exception exception) when (exception is ArgumentException or NullReferenceException)
        {
            return null; // dotnet/roslyn#70575
        }
    }

    private static ISymbol? DeclaredOf(SemanticModel model, SyntaxNode node, CancellationToken cancellationToken)
    {
        try
        {
            return node is VariableDeclaratorSyntax or SingleVariableDesignationSyntax or ForEachStatementSyntax ? model.GetDeclaredSymbol(node, cancellationToken) : null;
        }
        catch (Exception exception) when (exception is ArgumentException or NullReferenceException)
        {
            return null; // dotnet/roslyn#70575
        }
    }

    private static ITypeSymbol? TypeOf(ISymbol? symbol) => symbol switch
    {
        ILocalSymbol local => local.Type,
        IParameterSymbol parameter => parameter.Type,
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        IEventSymbol @event => @event.Type,
        IMethodSymbol { MethodKind: not (MethodKind.PropertyGet or MethodKind.PropertySet) } method => method.ReturnType,
        _ => null,
    };
}
