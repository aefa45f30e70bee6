using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GptOss.CodeAssist.CSharpContext.Caret;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.CSharpContext.Related.Semantic;

/// <summary>Collects the types that the code at a caret deals with, from the nearest scope outwards.</summary>
internal sealed class TypeSeeds
{
    private const int MaximumNames = 150;

    /// <summary>Of a namespace that nothing in the file names yet the types that the workspace names most.</summary>
    private const int MaximumImported = 8;

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
    /// <param name="frequency">How usual a word is in the workspace.</param>
    /// <param name="isLate">Whether the time is up; what was collected by then is used.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static TypeSeeds Collect(CSharpDocument document, int caret, IReadOnlyDictionary<string, int> words, Func<string, int> frequency, Func<bool> isLate, CancellationToken cancellationToken)
    {
        var seeds = new TypeSeeds(document, caret);
        if (document.Project is not { } project || document.CompiledTree is not { } compiledTree)
        {
            return seeds;
        }

        var model = project.ModelOf(compiledTree);
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
            seeds.AddUnusedImports(model, compiledTree, compiledType?.SpanStart ?? 0, words, frequency);
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
            Add(method.ReturnType, 20, new("returned by {0}", method.Name));
            foreach (var parameter in method.Parameters)
            {
                Add(parameter.Type, 10, new("type of parameter {0}", parameter.Name));
                _receivers.Add(parameter.Type);
            }
        }
        else if (Member is IPropertySymbol property)
        {
            Add(property.Type, 10, new("type of {0}", property.Name));
        }

        if (Speculation.Find(_document, _caret, cancellationToken) is not { } speculation)
        {
            return;
        }

        FindCallees(speculation, cancellationToken);
        var known = MemberBindings.Of(speculation, _caret);
        var texts = new Dictionary<SyntaxNode, string>();
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

            var bound = known.Find(node, _caret, texts, node => Bind(speculation.Model, node, cancellationToken));
            Add(bound.Named, 0, new("named next to the caret"));
            Add(bound.Owner, 40, new("declares {0}", bound.Name));
            Add(bound.Value, bound.Name.Length > 0 ? 0 : 5, bound.Name.Length > 0 ? new("type of {0}", bound.Name) : new("type of an expression next to the caret"));
            AddReceiver(bound.Value);
        }
    }

    private static BoundName Bind(SemanticModel model, SyntaxNode node, CancellationToken cancellationToken)
    {
        if (node is not SimpleNameSyntax)
        {
            return new BoundName(string.Empty, null, null, model.GetTypeInfo(node, cancellationToken).Type ?? TypeLinks.TypeOf(DeclaredOf(model, node, cancellationToken)));
        }

        var symbol = SymbolOf(model, node, cancellationToken);
        return symbol is INamedTypeSymbol named
            ? new BoundName(string.Empty, named, null, null)
            : new BoundName(symbol?.Name ?? string.Empty, null, symbol is IMethodSymbol or IPropertySymbol or IFieldSymbol ? symbol.ContainingType : null, TypeLinks.TypeOf(symbol));
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

        Add(containing, 100, new("the rest of this type"));
        AddReceiver(containing);
        for (var (type, depth) = (containing.BaseType, 0); type is not null && depth < 6; type = type.BaseType, depth++)
        {
            Add(type, 100 + depth, new("base of {0}", containing.Name));
        }

        foreach (var contract in containing.Interfaces)
        {
            Add(contract, 110, new("implemented by {0}", containing.Name));
        }

        foreach (var link in TypeLinks.Of(containing).All)
        {
            AddDefinition(link.Definition, (link.Parameter is null ? 200 : 220) + link.Depth, link.Parameter is null ? new("type of {0}", link.Member) : new("type of parameter {0}", link.Parameter));
        }

        for (var (type, depth) = (containing.BaseType, 0); type is not null && depth < 4 && TypeLinks.IsInSource(type); type = type.BaseType, depth++)
        {
            foreach (var link in TypeLinks.Of(type.OriginalDefinition).All)
            {
                if (link.IsSeen)
                {
                    AddDefinition(link.Definition, 300 + link.Depth, new("type of the inherited {0}", link.Member));
                }
            }
        }
    }

    /// <summary>A directive that nothing in the file needs yet was written for what is still to come.</summary>
    private void AddUnusedImports(SemanticModel model, SyntaxTree compiledTree, int position, IReadOnlyDictionary<string, int> words, Func<string, int> frequency)
    {
        var imports = model.GetImportScopes(position).SelectMany(scope => scope.Imports).Where(import => import.DeclaringSyntaxReference?.SyntaxTree == compiledTree).Select(import => import.NamespaceOrType);
        foreach (var space in imports.OfType<INamespaceSymbol>())
        {
            var own = NamespaceContent.PartsOf(space).Where(part => part.OwnTypes.Length > 0).ToList();
            if (own.Exists(part => part.OwnNames.Any(words.ContainsKey)))
            {
                continue;
            }

            foreach (var type in own.SelectMany(part => part.OwnTypes).OrderByDescending(type => NamespaceContent.NamesOf(type).Max(frequency)).Take(MaximumImported))
            {
                AddDefinition(type, 45, new("{0} is imported and not used yet", space.Name));
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
                Add(type, 400, new("named in this file"));
            }
        }
    }

    /// <summary>A constructor of <c>WeakSet</c>s deals with <c>JsWeakSet</c> and <c>WeakSetPrototype</c> before any line says so.</summary>
    private void AddTypesNamedLike(CompiledProject project, CancellationToken cancellationToken)
    {
        var parts = new[] { ContainingType?.Name, Member?.Name }.OfType<string>().SelectMany(Lexical.Words.PartsOf).ToHashSet(StringComparer.Ordinal);
        foreach (var type in project.Catalog.TypesNamedLike(parts, 10).SelectMany(name => project.FindDeclaredTypes(name, cancellationToken)))
        {
            Add(type, 250, new("named like {0}", ContainingType?.Name ?? Member?.Name ?? string.Empty));
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

            foreach (var link in TypeLinks.Of(seed.Type).All)
            {
                if (link.IsSeen)
                {
                    AddDefinition(link.Definition, 500 + seed.Rank + link.Depth, new("type of {0}.{1}", seed.Type.Name, link.Member));
                }
            }

            for (var (type, depth) = (seed.Type.BaseType, 0); type is not null && depth < 4; type = type.BaseType, depth++)
            {
                Add(type, 450 + seed.Rank, new("base of {0}", seed.Type.Name));
            }
        }
    }

    private void Add(ITypeSymbol? type, int rank, SeedReason reason)
    {
        foreach (var (definition, depth) in TypeLinks.Flatten(type, 0))
        {
            AddDefinition(definition, rank + depth, reason);
        }
    }

    private void AddDefinition(INamedTypeSymbol definition, int rank, SeedReason reason)
    {
        var seed = new TypeSeed(definition, rank * 1000 + Math.Min(_order++, 999), reason);
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_seeds, definition, out var isKnown);
        if (!isKnown || known.Rank > seed.Rank)
        {
            known = seed;
        }
    }

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
}
