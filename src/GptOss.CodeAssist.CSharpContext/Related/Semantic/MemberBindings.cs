using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.CSharpContext.Related.Semantic;

/// <summary>What the expressions of a member mean, kept from keystroke to keystroke: who types changes one of them, and the compiler need not bind the others again.</summary>
/// <remarks>
/// An expression is known by its text, so that it is found again wherever it has moved to. What it means also depends on the member's local
/// declarations: all is forgotten when one of those changes where the caret is not.
/// </remarks>
internal sealed class MemberBindings
{
    private static readonly ConditionalWeakTable<Compilation, ConcurrentDictionary<SyntaxNode, MemberBindings>> Known = [];

    private readonly int _declarations;
    private readonly ConcurrentDictionary<(string Text, int Offset), BoundName> _names = new();

    private MemberBindings(int declarations) => _declarations = declarations;

    /// <summary>What is known of a member whose other declarations are these.</summary>
    public static MemberBindings Of(Speculation speculation, int caret)
    {
        var declarations = new HashCode();
        foreach (var declaration in speculation.Root.DescendantNodes().OfType<VariableDeclarationSyntax>())
        {
            if (declaration.FullSpan.End < caret || declaration.FullSpan.Start > caret)
            {
                declarations.Add(declaration.ToString(), StringComparer.Ordinal);
            }
        }

        var hash = declarations.ToHashCode();
        var members = Known.GetOrCreateValue(speculation.CompiledModel.Compilation);
        return members.TryGetValue(speculation.Counterpart, out var known) && known._declarations == hash ? known : members[speculation.Counterpart] = new MemberBindings(hash);
    }

    /// <summary>What a node means, bound now where it is new or the caret stands in its expression.</summary>
    /// <param name="node">The node.</param>
    /// <param name="caret">Offset of the caret in the member's current text.</param>
    /// <param name="texts">Texts of expressions that have been read in this text.</param>
    /// <param name="bind">Asks the compiler.</param>
    public BoundName Find(SyntaxNode node, int caret, Dictionary<SyntaxNode, string> texts, Func<SyntaxNode, BoundName> bind)
    {
        var expression = node;
        while (expression.Parent is { } parent and not (StatementSyntax or VariableDeclarationSyntax or ArrowExpressionClauseSyntax or MemberDeclarationSyntax or AccessorDeclarationSyntax))
        {
            expression = parent;
        }

        if (expression.Span.Start <= caret && caret <= expression.Span.End)
        {
            return bind(node);
        }

        if (!texts.TryGetValue(expression, out var text))
        {
            texts[expression] = text = expression.ToString();
        }

        return _names.GetOrAdd((text, (node.SpanStart - expression.SpanStart) * 2 + (node is ExpressionSyntax and not SimpleNameSyntax ? 1 : 0)), static (_, state) => state.bind(state.node), (bind, node));
    }
}
