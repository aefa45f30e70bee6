using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Gate;

/// <summary>Looks at text outside bodies (headers, parameters, fields, properties) with the last good compilation's symbols.</summary>
/// <remarks>
/// A fork of a large project takes a hundred milliseconds for a header, because all symbols are made anew. Types bind as well where the type around
/// them was compiled before; whatever needs more than that (bodies, bases, overriding, values) is left to the fork.
/// </remarks>
internal static class DeclarationCheck
{
    private static readonly ImmutableHashSet<SyntaxKind> Undecided =
    [
        SyntaxKind.OverrideKeyword, SyntaxKind.AbstractKeyword, SyntaxKind.VirtualKeyword, SyntaxKind.NewKeyword, SyntaxKind.ExternKeyword, SyntaxKind.RequiredKeyword,
    ];

    /// <summary>True where the span only names types that exist and declares what is not there yet; false where something is wrong, or nobody can tell without a fork.</summary>
    /// <param name="changed">The document with the text in it.</param>
    public static bool IsClean(CSharpDocument changed, TextSpan span, CancellationToken cancellationToken)
    {
        if (changed.Project is not { } project || changed.CompiledTree is not { } compiledTree)
        {
            return false;
        }

        var root = changed.Tree.GetRoot(cancellationToken);
        var first = root.FindToken(span.Start).Parent;
        var members = first?.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } type && type.OpenBraceToken.Span.End <= span.Start && span.End <= type.CloseBraceToken.SpanStart ? type : null;
        if (members is null || Speculation.FindCounterpart(members, compiledTree.GetRoot(cancellationToken)) is not TypeDeclarationSyntax { OpenBraceToken.IsMissing: false } counterpart)
        {
            return false;
        }

        var model = project.ModelOf(compiledTree);
        try
        {
            return model.GetDeclaredSymbol(counterpart, cancellationToken) is { } symbol
                && members.Members.Where(member => member.Span.OverlapsWith(span)).All(member => IsClean(model, symbol, counterpart, member, span));
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or NullReferenceException)
        {
            return false; // dotnet/roslyn#70575
        }
    }

    private static bool IsClean(SemanticModel model, INamedTypeSymbol type, TypeDeclarationSyntax counterpart, MemberDeclarationSyntax member, TextSpan span)
    {
        if (member.AttributeLists.Any(list => list.Span.OverlapsWith(span)) || member.Modifiers.Any(modifier => Undecided.Contains(modifier.Kind())))
        {
            return false;
        }

        var (names, parameters, typeParameters, rest) = member switch
        {
            FieldDeclarationSyntax field => (field.Declaration.Variables.Select(variable => variable.Identifier), null, null, field.Declaration.Variables.Select(variable => (SyntaxNode?)variable.Initializer)),
            PropertyDeclarationSyntax { ExplicitInterfaceSpecifier: null } property => ([property.Identifier], null, null, [property.ExpressionBody, property.Initializer, .. BodiesOf(property)]),
            MethodDeclarationSyntax { ExplicitInterfaceSpecifier: null, ConstraintClauses.Count: 0 } method => ([method.Identifier], method.ParameterList, method.TypeParameterList, [method.Body, method.ExpressionBody]),
            ConstructorDeclarationSyntax constructor => ([], constructor.ParameterList, null, [constructor.Body, constructor.ExpressionBody, constructor.Initializer]),
            _ => ((IEnumerable<SyntaxToken>)[], (ParameterListSyntax?)null, (TypeParameterListSyntax?)null, (IEnumerable<SyntaxNode?>)[member]),
        };
        if (rest.Any(node => node is not null && node.Span.OverlapsWith(span)) || (parameters?.Parameters.Any(parameter => !IsPlain(parameter)) ?? false))
        {
            return false;
        }

        // A namesake may be an overload, which is for the fork to decide.
        if (names.Any(name => name.Span.OverlapsWith(span) && (name.ValueText == type.Name || type.GetMembers(name.ValueText).Length > 0 || IsDeclaredTwice(member, name.ValueText))))
        {
            return false;
        }

        var own = typeParameters?.Parameters.Select(parameter => parameter.Identifier.ValueText).ToHashSet(StringComparer.Ordinal) ?? [];
        return member.DescendantNodes(node => node is not (BlockSyntax or TypeSyntax)).OfType<TypeSyntax>()
            .Where(node => node.Span.OverlapsWith(span) && node.Parent is not ExplicitInterfaceSpecifierSyntax)
            .All(node => IsKnown(model, counterpart.OpenBraceToken.Span.End, node, own));
    }

    /// <summary>Without attributes and a default value, and not the receiver of an extension.</summary>
    private static bool IsPlain(ParameterSyntax parameter) =>
        parameter is { Default: null, AttributeLists.Count: 0, Type: not null } && !parameter.Modifiers.Any(modifier => modifier.Kind() is SyntaxKind.ThisKeyword or SyntaxKind.ScopedKeyword);

    private static IEnumerable<SyntaxNode?> BodiesOf(PropertyDeclarationSyntax property) =>
        property.AccessorList?.Accessors.SelectMany(accessor => new SyntaxNode?[] { accessor.Body, accessor.ExpressionBody }) ?? [];

    private static bool IsDeclaredTwice(MemberDeclarationSyntax member, string name) => member.Parent is TypeDeclarationSyntax type && type.Members.Any(other => other != member && other switch
    {
        MethodDeclarationSyntax method => method.Identifier.ValueText == name,
        PropertyDeclarationSyntax property => property.Identifier.ValueText == name,
        BaseFieldDeclarationSyntax field => field.Declaration.Variables.Any(variable => variable.Identifier.ValueText == name),
        _ => false,
    });

    private static bool IsKnown(SemanticModel model, int position, TypeSyntax type, HashSet<string> own)
    {
        // A method's own type parameters are known to nobody else yet; what is built of them is looked at piece by piece.
        if (own.Count > 0 && type.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name => own.Contains(name.Identifier.ValueText)))
        {
            return type is IdentifierNameSyntax;
        }

        return model.GetSpeculativeTypeInfo(position, type, SpeculativeBindingOption.BindAsTypeOrNamespace).Type is { TypeKind: not TypeKind.Error } bound && IsWhole(bound)
            && (bound is not INamedTypeSymbol { IsStatic: true });

        static bool IsWhole(ITypeSymbol type) => type switch
        {
            IArrayTypeSymbol array => IsWhole(array.ElementType),
            INamedTypeSymbol named => named.TypeKind != TypeKind.Error && named.TypeArguments.All(IsWhole),
            _ => type.TypeKind != TypeKind.Error,
        };
    }
}
