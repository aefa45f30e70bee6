using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Gate;

/// <summary>Looks at text outside bodies (headers, parameters, fields, properties, attributes, types, namespaces) with the last good compilation's symbols.</summary>
/// <remarks>
/// A fork of a large project takes tens of milliseconds for a header, because all symbols are made anew. Names, values and bodies bind as well where the
/// declaration around them was compiled before, and what a member overrides or a base demands is known; whatever needs more than that is left to the fork.
/// </remarks>
internal sealed class DeclarationCheck
{
    private readonly DeclaredNames _names;
    private readonly SyntaxNode _container;
    private readonly NewHeaders _headers;
    private readonly NewMembers _members;

    private DeclarationCheck(DeclaredNames names, SyntaxNode container, SyntaxNode counterpart, INamespaceOrTypeSymbol symbol)
    {
        (_names, _container) = (names, container);
        _headers = new NewHeaders(names, symbol);
        _members = new NewMembers(names, symbol, counterpart as TypeDeclarationSyntax);
    }

    /// <summary>True where the span only names what exists and declares what is not there yet; false where something is wrong, or nobody can tell without a fork.</summary>
    /// <param name="changed">The document with the text in it.</param>
    public static bool IsClean(CSharpDocument changed, TextSpan span, CancellationToken cancellationToken) => IsClean(changed, span, out _, cancellationToken);

    /// <param name="wrong">What is wrong for certain where the rest of the file declares what it did when it was compiled; null where nobody can tell.</param>
    public static bool IsClean(CSharpDocument changed, TextSpan span, out SemanticProblem? wrong, CancellationToken cancellationToken)
    {
        wrong = null;
        if (changed.Project is not { } project || changed.CompiledTree is not { } compiledTree || !changed.ImportsWhatWasCompiled)
        {
            return false;
        }

        var compiledRoot = compiledTree.GetRoot(cancellationToken);
        var root = changed.Tree.GetRoot(cancellationToken);
        var container = root.FindToken(span.Start).Parent?.AncestorsAndSelf().FirstOrDefault(node => FindInside(node) is { } inside && inside.Contains(span));
        var counterpart = container is CompilationUnitSyntax ? compiledRoot : container is null ? null : Speculation.FindCounterpart(container, compiledRoot);
        if (container is null || counterpart is null || FindInside(counterpart) is not { } place)
        {
            return false;
        }

        var model = project.ModelOf(compiledTree);
        try
        {
            var symbol = counterpart is CompilationUnitSyntax ? project.Compilation.GlobalNamespace : model.GetDeclaredSymbol(counterpart, cancellationToken) as INamespaceOrTypeSymbol;
            if (symbol is null)
            {
                return false;
            }

            if (FindPosition(counterpart, place) is not { } position)
            {
                return false;
            }

            var names = new DeclaredNames(model, position, span, cancellationToken);
            var isClean = new DeclarationCheck(names, container, counterpart, symbol).AreClean();
            wrong = isClean ? null : names.Wrong;
            return isClean;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or NullReferenceException)
        {
            return false; // dotnet/roslyn#70575
        }
    }

    /// <summary>Where a node's own declarations stand; null where it has none.</summary>
    public static TextSpan? FindInside(SyntaxNode node) => node switch
    {
        BaseTypeDeclarationSyntax { OpenBraceToken: { IsMissing: false } open } type when open.IsKind(SyntaxKind.OpenBraceToken) => TextSpan.FromBounds(open.Span.End, type.CloseBraceToken.SpanStart),
        NamespaceDeclarationSyntax { OpenBraceToken.IsMissing: false } space => TextSpan.FromBounds(space.OpenBraceToken.Span.End, space.CloseBraceToken.SpanStart),
        FileScopedNamespaceDeclarationSyntax { SemicolonToken.IsMissing: false } space => TextSpan.FromBounds(space.SemicolonToken.Span.End, space.FullSpan.End),
        CompilationUnitSyntax unit => unit.FullSpan,
        _ => null,
    };

    /// <summary>A place where a node's declarations know what they know: the header of its first one where no brace begins them; null where there is none.</summary>
    private static int? FindPosition(SyntaxNode container, TextSpan inside) => container switch
    {
        CompilationUnitSyntax unit => unit.Members.FirstOrDefault()?.SpanStart ?? unit.EndOfFileToken.SpanStart,
        FileScopedNamespaceDeclarationSyntax space => space.Members.FirstOrDefault()?.SpanStart,
        _ => inside.Start,
    };

    private bool AreClean() => _container switch
    {
        CompilationUnitSyntax unit => !_names.Touches(unit.Usings) && !_names.Touches(unit.Externs) && !_names.Touches(unit.AttributeLists) && unit.Members.Where(_names.Touches).All(IsClean),
        BaseNamespaceDeclarationSyntax space => !_names.Touches(space.Usings) && !_names.Touches(space.Externs) && space.Members.Where(_names.Touches).All(IsClean),
        TypeDeclarationSyntax type => type.Members.Where(_names.Touches).All(IsClean),
        EnumDeclarationSyntax list => list.Members.Where(_names.Touches).All(member => IsClean(list, member)),
        _ => false,
    };

    private bool IsClean(MemberDeclarationSyntax member) =>
        _members.MayBegin(member) && member switch
        {
            BaseTypeDeclarationSyntax type => _headers.IsClean(type),
            BaseNamespaceDeclarationSyntax space => _container is CompilationUnitSyntax { Members.Count: 1 } && _headers.IsClean(space),
            _ => _members.IsClean(member),
        };

    private bool IsClean(EnumDeclarationSyntax list, EnumMemberDeclarationSyntax member)
    {
        var value = member.EqualsValue?.Value;
        var isNumber = value is null or LiteralExpressionSyntax { Token.Value: int } or PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression, Operand: LiteralExpressionSyntax { Token.Value: int } };
        var isInt = list.BaseList is null or { Types: [{ Type: PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.IntKeyword or (int)SyntaxKind.LongKeyword } }] }
            || (value is not PrefixUnaryExpressionSyntax && list.BaseList is { Types: [{ Type: PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.UIntKeyword } }] });
        var name = member.Identifier.ValueText;
        return isNumber && isInt && AttributeCheck.AreClean(_names, member.AttributeLists, member)
            && !(member.Identifier.Span.OverlapsWith(_names.Span) && (list.Members.Any(other => other != member && other.Identifier.ValueText == name) || name == "value__"));
    }
}
