using System.Collections.Immutable;
using GptOss.CodeAssist.CSharpContext.Workspace;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FindSymbols;
using Microsoft.CodeAnalysis.Rename;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Edits;

/// <summary>A symbol that can have another name, with every place of the solution that says it.</summary>
public sealed class SymbolRename
{
    private readonly ISymbol _symbol;
    private readonly Solution _solution;

    private SymbolRename(ISymbol symbol, Solution solution) => (_symbol, _solution) = (symbol, solution);

    public string Name => _symbol.Name;

    /// <summary>For people and prompts, for instance <c>method `Cart.Total`</c>.</summary>
    public string Description => $"{KindOf(_symbol)} `{(_symbol is not ITypeSymbol && _symbol.ContainingSymbol is INamedTypeSymbol type ? $"{type.Name}." : "")}{Name}`";

    /// <summary>The name that a declaration gives at a place; null elsewhere. Nothing is bound for it.</summary>
    public static string? FindDeclaredName(SyntaxNode root, TextSpan place)
    {
        var length = root.FullSpan.End;
        var tokens = place.End > length ? [] : new[] { root.FindToken(place.Start), root.FindToken(Math.Max(0, place.Start - 1)) };
        return tokens.Where(token => IsDeclaredName(token) && token.Span.Start <= place.Start && place.End <= token.Span.End).Select(token => token.ValueText).FirstOrDefault();
    }

    /// <summary>Whether a text can name something in C# without an escape.</summary>
    public static bool IsName(string text) =>
        SyntaxFacts.IsValidIdentifier(text) && SyntaxFacts.GetKeywordKind(text) == SyntaxKind.None && SyntaxFacts.GetContextualKeywordKind(text) == SyntaxKind.None;

    /// <summary>The symbol at a position, of its declaration or of a use.</summary>
    /// <returns>The symbol, or why it must keep its name.</returns>
    public static async Task<(SymbolRename? Rename, string? Problem)> FindAsync(Document document, int position, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(document);
        var symbol = Named(await SymbolFinder.FindSymbolAtPositionAsync(document, position, cancellationToken));
        if (symbol is null or INamespaceSymbol || !SyntaxFacts.IsValidIdentifier(symbol.Name))
        {
            return (null, "There is no name to change at this place: put the caret on the name of a type, a member, a parameter or a variable.");
        }

        var foreign = Promises(symbol).Prepend(symbol).FirstOrDefault(promise => !promise.Locations.Any(place => place.IsInSource));
        return foreign is null
            ? (new SymbolRename(symbol, document.Project.Solution), null)
            : (null, $"{symbol.Name} keeps its name, because {foreign.ContainingType?.Name ?? "a library"} that declares it is not part of the solution.");
    }

    /// <summary>The document and the place where the symbol is declared.</summary>
    public (Document Document, TextSpan Span)? FindDeclaration() =>
        _symbol.DeclaringSyntaxReferences.FirstOrDefault() is { } declaration && _solution.GetDocument(declaration.SyntaxTree) is { } document ? (document, declaration.Span) : null;

    /// <summary>Different lines that use the symbol, of files that may be read.</summary>
    public async Task<ImmutableArray<string>> FindUsesAsync(WorkspaceFileFilter filter, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var found = await SymbolFinder.FindReferencesAsync(_symbol, _solution, cancellationToken);
        var places = found.SelectMany(reference => reference.Locations).Where(place => !place.IsImplicit && place.Document.FilePath is { } path && filter.MayRead(path));
        return [.. places.Select(place => LineOf(place.Location, cancellationToken)).Distinct().Take(limit)];
    }

    /// <summary>A fork in which everything that says the old name says the new one; whether it compiles is another question.</summary>
    public Task<Solution> ApplyAsync(string name, CancellationToken cancellationToken) =>
        Renamer.RenameSymbolAsync(_solution, _symbol, new SymbolRenameOptions(), name, cancellationToken);

    private static bool IsDeclaredName(SyntaxToken token) => token.IsKind(SyntaxKind.IdentifierToken) && token.Parent is
        BaseTypeDeclarationSyntax or DelegateDeclarationSyntax or MethodDeclarationSyntax or PropertyDeclarationSyntax or EventDeclarationSyntax or EnumMemberDeclarationSyntax
        or LocalFunctionStatementSyntax or ParameterSyntax or TypeParameterSyntax or VariableDeclaratorSyntax or ForEachStatementSyntax or SingleVariableDesignationSyntax or CatchDeclarationSyntax;

    /// <summary>What bears the name: of a constructor its type, of an accessor its property.</summary>
    private static ISymbol? Named(ISymbol? symbol) => symbol switch
    {
        IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor or MethodKind.Destructor } method => method.ContainingType,
        IMethodSymbol { AssociatedSymbol: { } associated } => associated,
        IMethodSymbol { ReducedFrom: { } extension } => extension,
        _ => symbol?.OriginalDefinition,
    };

    /// <summary>What a member overrides or implements, and must be called like.</summary>
    private static IEnumerable<ISymbol> Promises(ISymbol symbol)
    {
        for (var overridden = Overridden(symbol); overridden is not null; overridden = Overridden(overridden))
        {
            yield return overridden;
        }

        var asked = symbol.ContainingType?.AllInterfaces.SelectMany(type => type.GetMembers(symbol.Name)) ?? [];
        foreach (var member in asked.Where(member => SymbolEqualityComparer.Default.Equals(symbol.ContainingType!.FindImplementationForInterfaceMember(member), symbol)))
        {
            yield return member;
        }
    }

    private static ISymbol? Overridden(ISymbol symbol) => symbol switch
    {
        IMethodSymbol method => method.OverriddenMethod,
        IPropertySymbol property => property.OverriddenProperty,
        IEventSymbol occurrence => occurrence.OverriddenEvent,
        _ => null,
    };

    private static string KindOf(ISymbol symbol) => symbol switch
    {
        ITypeParameterSymbol => "type parameter",
        INamedTypeSymbol { IsRecord: true } => "record",
#pragma warning disable CA1308 // The keywords of C# are small letters.
        INamedTypeSymbol type => type.TypeKind.ToString().ToLowerInvariant(),
#pragma warning restore CA1308
        IMethodSymbol { MethodKind: MethodKind.LocalFunction } => "local function",
        IMethodSymbol => "method",
        IPropertySymbol => "property",
        IEventSymbol => "event",
        IFieldSymbol { IsConst: true } => "constant",
        IFieldSymbol => "field",
        IParameterSymbol => "parameter",
        _ => "variable",
    };

    private static string LineOf(Location location, CancellationToken cancellationToken) =>
        location.SourceTree!.GetText(cancellationToken).Lines.GetLineFromPosition(location.SourceSpan.Start).ToString().Trim();
}
