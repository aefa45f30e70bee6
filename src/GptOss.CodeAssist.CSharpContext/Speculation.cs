using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext;

/// <summary>Binds one member of a changed file against the last good compilation, without binding the file anew.</summary>
/// <remarks>
/// Roslyn's own editor features do the same internally (dotnet/roslyn#45565): about 2 ms where a fork costs 20 to 40.
/// The model answers only for nodes inside <see cref="Root"/>; outside it Roslyn throws (dotnet/roslyn#70575).
/// </remarks>
internal sealed record Speculation(SemanticModel Model, SyntaxNode Root, SemanticModel CompiledModel, SyntaxNode Counterpart)
{
    /// <summary>
    /// Whether binding the file anew would say the same: nothing that the project references is missing, and the file declares what it declared
    /// when it was compiled.
    /// </summary>
    /// <param name="document">The document as it is, without a candidate.</param>
    public static bool IsCertain(CSharpDocument document) => document is { Project.ReferencesComplete: true, CompiledTree: not null } && document.DeclaresWhatWasCompiled;

    /// <summary>The model for the body around <paramref name="position"/> of the document's current text, or null where only a fork could tell.</summary>
    public static Speculation? Find(CSharpDocument document, int position, CancellationToken cancellationToken)
    {
        if (document.Project is not { } project || document.CompiledTree is not { } compiledTree || !document.ImportsWhatWasCompiled)
        {
            return null;
        }

        var root = document.Tree.GetRoot(cancellationToken);
        var compiledRoot = compiledTree.GetRoot(cancellationToken);
        foreach (var body in EnclosingBodies(root, position))
        {
            if (FindCounterpart(body, compiledRoot) is not { } counterpart)
            {
                continue;
            }

            var model = project.ModelOf(compiledTree);
            if (TrySpeculate(model, counterpart, body, out var speculative))
            {
                return new Speculation(speculative, body is BaseMethodDeclarationSyntax method ? method.Body! : body is AccessorDeclarationSyntax accessor ? accessor.Body! : body, model, counterpart);
            }
        }

        return null;
    }

    /// <summary>The model for the body that holds a whole span, but for the semicolon after it; null where only a fork could tell.</summary>
    public static Speculation? Around(CSharpDocument document, TextSpan span, CancellationToken cancellationToken) =>
        Find(document, span.Start, cancellationToken) is { Root.FullSpan: var covered } found
            && (covered.Contains(span) || (covered.Contains(span.Start) && document.Text.ToString(TextSpan.FromBounds(covered.End, span.End)).Trim() == ";"))
            ? found
            : null;

    private static bool TrySpeculate(SemanticModel model, SyntaxNode old, SyntaxNode current, [NotNullWhen(true)] out SemanticModel? speculative)
    {
        speculative = null;
        try
        {
            return (old, current) switch
            {
                (BaseMethodDeclarationSyntax { Body: { } body }, BaseMethodDeclarationSyntax { Body: not null } method) =>
                    model.TryGetSpeculativeSemanticModelForMethodBody(body.SpanStart, method, out speculative),
                (AccessorDeclarationSyntax { Body: { } body }, AccessorDeclarationSyntax { Body: not null } accessor) =>
                    model.TryGetSpeculativeSemanticModelForMethodBody(body.SpanStart, accessor, out speculative),
                (ArrowExpressionClauseSyntax arrow, ArrowExpressionClauseSyntax changed) =>
                    model.TryGetSpeculativeSemanticModel(arrow.SpanStart, changed, out speculative),
                (EqualsValueClauseSyntax value, EqualsValueClauseSyntax changed) =>
                    model.TryGetSpeculativeSemanticModel(value.SpanStart, changed, out speculative),
                _ => false,
            };
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or NullReferenceException)
        {
            // Roslyn refuses some shapes of broken code this way (dotnet/roslyn#70575); a fork answers instead.
            return false;
        }
    }

    /// <summary>The member whose body holds the position: the part of it that Roslyn can speculate on, innermost first.</summary>
    private static IEnumerable<SyntaxNode> EnclosingBodies(SyntaxNode root, int position)
    {
        if (position > root.FullSpan.End)
        {
            yield break;
        }

        var token = root.FindToken(Math.Min(position, root.FullSpan.End));
        // At the end of a body the token after the caret may be outside; the one before it then decides.
        if (token.SpanStart >= position && token.Span.Start > 0)
        {
            var before = token.GetPreviousToken(includeZeroWidth: true);
            if (before.Parent is not null && !Contains(token.Parent, position))
            {
                token = before;
            }
        }

        for (var node = token.Parent; node is not null; node = node.Parent)
        {
            switch (node)
            {
                case BaseMethodDeclarationSyntax { Body: { } body } when body.FullSpan.Contains(position):
                case AccessorDeclarationSyntax { Body: { } accessorBody } when accessorBody.FullSpan.Contains(position):
                case ArrowExpressionClauseSyntax { Parent: BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or PropertyDeclarationSyntax or IndexerDeclarationSyntax }:
                case EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax or VariableDeclaratorSyntax { Parent.Parent: FieldDeclarationSyntax } }:
                    yield return node;
                    break;
                case TypeDeclarationSyntax:
                    yield break;
            }
        }

        static bool Contains(SyntaxNode? node, int position) => node is not null && node.Span.Contains(position);
    }

    /// <summary>The same member in another version of the file, or null where its signature or its place has changed.</summary>
    internal static SyntaxNode? FindCounterpart(SyntaxNode body, SyntaxNode compiledRoot)
    {
        var path = new Stack<SyntaxNode>();
        for (var node = body; node is not null; node = node.Parent)
        {
            if (node is MemberDeclarationSyntax or AccessorDeclarationSyntax or ArrowExpressionClauseSyntax or EqualsValueClauseSyntax or VariableDeclaratorSyntax)
            {
                path.Push(node);
            }
        }

        IEnumerable<SyntaxNode> candidates = [compiledRoot];
        foreach (var step in path)
        {
            var key = KeyOf(step);
            candidates = candidates.SelectMany(ChildDeclarations).Where(child => child.RawKind == step.RawKind && KeyOf(child) == key).ToList();
        }

        // A partial type may stand twice in one file and overloads are told apart by their key, so the first match is the match.
        return candidates.FirstOrDefault();
    }

    private static IEnumerable<SyntaxNode> ChildDeclarations(SyntaxNode node) => node switch
    {
        CompilationUnitSyntax unit => unit.Members,
        BaseNamespaceDeclarationSyntax space => space.Members,
        TypeDeclarationSyntax type => type.Members,
        BaseMethodDeclarationSyntax { ExpressionBody: { } arrow } => [arrow],
        PropertyDeclarationSyntax property => [.. Accessors(property), .. Optional(property.ExpressionBody), .. Optional(property.Initializer)],
        IndexerDeclarationSyntax indexer => [.. Accessors(indexer), .. Optional(indexer.ExpressionBody)],
        BasePropertyDeclarationSyntax property => Accessors(property),
        BaseFieldDeclarationSyntax field => field.Declaration.Variables,
        VariableDeclaratorSyntax variable => Optional(variable.Initializer),
        AccessorDeclarationSyntax accessor => Optional(accessor.ExpressionBody),
        _ => [],
    };

    private static SyntaxList<AccessorDeclarationSyntax> Accessors(BasePropertyDeclarationSyntax property) => property.AccessorList?.Accessors ?? default;

    private static IEnumerable<SyntaxNode> Optional(SyntaxNode? node) => node is null ? [] : [node];

    /// <summary>What must be equal for two versions of a declaration to mean the same symbol: its header, without its body.</summary>
    private static string KeyOf(SyntaxNode node) => node switch
    {
        BaseNamespaceDeclarationSyntax space => space.Name.ToString(),
        EnumDeclarationSyntax list => list.Identifier.ValueText,
        TypeDeclarationSyntax type => $"{type.Identifier.ValueText}`{type.TypeParameterList?.Parameters.Count ?? 0}",
        BaseMethodDeclarationSyntax method => HeaderOf(method, (SyntaxNode?)method.Body ?? method.ExpressionBody),
        BasePropertyDeclarationSyntax property => HeaderOf(property, (SyntaxNode?)property.AccessorList ?? (property as PropertyDeclarationSyntax)?.ExpressionBody ?? (property as IndexerDeclarationSyntax)?.ExpressionBody),
        AccessorDeclarationSyntax accessor => accessor.Keyword.Text,
        BaseFieldDeclarationSyntax field => field.Declaration.Type.ToString(),
        VariableDeclaratorSyntax variable => variable.Identifier.ValueText,
        _ => string.Empty,
    };

    private static string HeaderOf(SyntaxNode member, SyntaxNode? body)
    {
        var text = member.SyntaxTree.GetText();
        var end = body?.SpanStart ?? member.Span.End;
        return string.Join(' ', text.ToString(new TextSpan(member.SpanStart, Math.Max(0, end - member.SpanStart))).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
