using GptOss.CodeAssist.CSharpContext.Workspace;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.CSharpContext.Related;

/// <summary>Tells the places where nothing can be wanted that the file does not hold.</summary>
internal static class ContextNeed
{
    public const string NothingInReach = "Nothing that other files declare is in reach of this one.";

    /// <summary>Why nothing need be looked for, a sentence for a person; null where something may be wanted.</summary>
    public static string? FindReasonToSkip(CSharpDocument document, int caret, CaretPlace place, CSharpWorkspace workspace, CancellationToken cancellationToken)
    {
        if (place.IsInTrivia)
        {
            return "The caret is in a comment or in code that is switched off.";
        }

        var root = document.Tree.GetRoot(cancellationToken);
        var token = root.FindToken(Math.Min(caret, root.FullSpan.End));
        var isInside = token.SpanStart < caret && caret < token.Span.End;
        if (isInside && token.Kind() is SyntaxKind.CharacterLiteralToken or SyntaxKind.NumericLiteralToken)
        {
            return "The caret is in a literal.";
        }

        // The directive before the caret counts as long as its line is not over.
        var before = token.SpanStart >= caret && token.SpanStart > 0 ? token.GetPreviousToken() : token;
        if (before.Parent?.FirstAncestorOrSelf<UsingDirectiveSyntax>() is { } directive && (directive.SemicolonToken.IsMissing || caret <= directive.SemicolonToken.SpanStart))
        {
            return "The caret is in a using directive.";
        }

        if (workspace.IsIndexed && workspace.Index.FileCount <= 1)
        {
            return "The workspace holds no other file.";
        }

        return IsKnownToReachNothing(document) ? NothingInReach : null;
    }

    /// <summary>Whether <see cref="ProjectInReach"/> has found that nothing is; where nobody has looked yet, nobody waits for it.</summary>
    public static bool IsKnownToReachNothing(CSharpDocument document) =>
        document is { Project: { ReferencesComplete: true } project, CompiledTree: { } tree } && ProjectInReach.FindKnown(project.Compilation, tree) == false;
}
