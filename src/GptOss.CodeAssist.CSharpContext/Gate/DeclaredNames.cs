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

    /// <summary>The first simple name that means nothing there; null while there is none.</summary>
    public SemanticProblem? Unknown { get; private set; }

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

    /// <summary>Whether a literal may be the value of a field of a type.</summary>
    public bool Takes(ITypeSymbol type, LiteralExpressionSyntax literal) => model.ClassifyConversion(position, literal, type) is { Exists: true, IsImplicit: true };

    /// <summary>Remembers which name of a type means nothing at the place, whatever it is followed by.</summary>
    /// <param name="suffix">What may be left out at the name's end.</param>
    public void FindUnknown(TypeSyntax type, string suffix = "")
    {
        foreach (var name in type.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Where(name => name.Span.OverlapsWith(span) && !name.Identifier.IsMissing && name.Parent is not QualifiedNameSyntax and not AliasQualifiedNameSyntax))
        {
            var isKnown = model.LookupNamespacesAndTypes(position, name: name.Identifier.ValueText).Length > 0 || model.LookupNamespacesAndTypes(position, name: name.Identifier.ValueText + suffix).Length > 0;
            if (!isKnown)
            {
                Unknown ??= new SemanticProblem(RejectionKind.UnknownName, name.Span, name.Identifier.ValueText, name);
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
