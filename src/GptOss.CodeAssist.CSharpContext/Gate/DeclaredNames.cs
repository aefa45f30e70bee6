using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Gate;

/// <summary>What names of new declarations mean at a place of the compiled file.</summary>
/// <param name="model">The compiled file's.</param>
/// <param name="position">The place in it.</param>
/// <param name="span">The candidate, in the changed file.</param>
internal sealed class DeclaredNames(SemanticModel model, int position, TextSpan span, CancellationToken cancellationToken)
{
    public SemanticModel Model => model;

    public int Position => position;

    public TextSpan Span => span;

    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>What is wrong for certain, the first thing; null while there is none.</summary>
    public SemanticProblem? Wrong { get; set; }

    /// <summary>Whether a node is the candidate's, or a part of it is.</summary>
    public bool Touches(SyntaxNode? node) => node is not null && node.Span.OverlapsWith(span);

    public bool Touches<TNode>(SyntaxList<TNode> nodes)
        where TNode : SyntaxNode => nodes.Any(Touches);

    /// <summary>A type that is known and whole; null for another.</summary>
    /// <param name="own">Type parameters of the declaration itself, which nobody else knows yet.</param>
    public ITypeSymbol? FindType(TypeSyntax type, ImmutableHashSet<string> own)
    {
        // Whatever the declaration's own type parameters stand for, object may stand there too, unless a constraint says otherwise.
        var isOwn = own.Count > 0 && type.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name => own.Contains(name.Identifier.ValueText));
        var bindable = !isOwn ? type : (TypeSyntax)type.ReplaceNodes(
            type.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Where(name => own.Contains(name.Identifier.ValueText)),
            (name, _) => SyntaxFactory.PredefinedType(SyntaxFactory.Token(SyntaxKind.ObjectKeyword)).WithTriviaFrom(name));
        var bound = model.GetSpeculativeTypeInfo(position, bindable, SpeculativeBindingOption.BindAsTypeOrNamespace).Type;
        if (bound is not null && IsWhole(bound))
        {
            return bound;
        }

        if (!isOwn)
        {
            FindUnknown(type);
        }

        return null;
    }

    /// <summary>Whether an expression that is made of literals, types, static members, calls and creations may be the value of a field of a type; false where nobody can tell.</summary>
    public bool Takes(ITypeSymbol type, ExpressionSyntax value) =>
        value.DescendantNodesAndSelf().All(IsBound) && model.ClassifyConversion(position, value, type) is { Exists: true, IsImplicit: true };

    private bool IsBound(SyntaxNode node) => node switch
    {
        ArgumentListSyntax or ArgumentSyntax { NameColon: null, RefKindKeyword.RawKind: (int)SyntaxKind.None } or TypeArgumentListSyntax or LiteralExpressionSyntax or PredefinedTypeSyntax => true,
        DefaultExpressionSyntax value => FindType(value.Type, []) is not null,
        TypeSyntax { Parent: DefaultExpressionSyntax } => true,
        ObjectCreationExpressionSyntax { Initializer: null } creation => SymbolOf(creation) is IMethodSymbol,
        InvocationExpressionSyntax call => SymbolOf(call) is IMethodSymbol { IsStatic: true, ReturnsVoid: false },
        MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax } or SimpleNameSyntax { Parent: InvocationExpressionSyntax or ObjectCreationExpressionSyntax or MemberAccessExpressionSyntax or QualifiedNameSyntax or TypeArgumentListSyntax } or QualifiedNameSyntax => true,
        MemberAccessExpressionSyntax access => SymbolOf(access) is IFieldSymbol { IsStatic: true } or IPropertySymbol { IsStatic: true } or ITypeSymbol or INamespaceSymbol,
        SimpleNameSyntax name => SymbolOf(name) is IFieldSymbol { IsStatic: true } or IPropertySymbol { IsStatic: true },
        _ => false,
    };

    private ISymbol? SymbolOf(ExpressionSyntax expression) => model.GetSpeculativeSymbolInfo(position, expression, SpeculativeBindingOption.BindAsExpression).Symbol;

    /// <summary>Remembers which name of a type means nothing at the place, whatever it is followed by.</summary>
    /// <param name="suffix">What may be left out at the name's end.</param>
    public void FindUnknown(TypeSyntax type, string suffix = "")
    {
        foreach (var name in type.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Where(name => name.Span.OverlapsWith(span) && !name.Identifier.IsMissing && name.Parent is not QualifiedNameSyntax and not AliasQualifiedNameSyntax))
        {
            var isKnown = model.LookupNamespacesAndTypes(position, name: name.Identifier.ValueText).Length > 0 || model.LookupNamespacesAndTypes(position, name: name.Identifier.ValueText + suffix).Length > 0;
            if (!isKnown)
            {
                Wrong ??= new SemanticProblem(RejectionKind.UnknownName, name.Span, name.Identifier.ValueText, name);
            }
        }
    }

    private static bool IsWhole(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => IsWhole(array.ElementType),
        INamedTypeSymbol named => named.TypeKind != TypeKind.Error && named.TypeArguments.All(IsWhole),
        _ => type.TypeKind != TypeKind.Error,
    };
}
