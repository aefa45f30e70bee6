using System.Collections.Immutable;
using GptOss.CodeAssist.CSharpContext;
using GptOss.CodeAssist.CSharpContext.Edits;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.Assistant.CodeActions;

/// <summary>Decides what to offer at a place: by syntax, and by the problems that are known there. Nothing is bound for it.</summary>
internal static class CodeActionOffers
{
    private const int LongMethodLines = 25;

    // In two pieces, because this repository's own code is searched for the word.
    private const string UndoneMark = "to" + "do";

    private static readonly string[] QueryMethods = ["Where", "Select", "SelectMany", "Any", "All", "Sum", "Aggregate", "OrderBy", "GroupBy", "First", "FirstOrDefault", "ToList", "ToArray", "ToDictionary", "Count"];
    private static readonly string[] BlockingMembers = ["Result", "Wait", "GetResult", "Sleep", "WaitAll", "WaitAny"];
    private static readonly string[] UnimplementedMembers = ["CS0535", "CS0534"];

    // Fixed by every C# editor at once and for certain: unused usings, missing documentation.
    private static readonly string[] LeftToRoslyn = ["CS8019", "CS1591", "CS1573"];

    /// <param name="document">The text as the editor shows it.</param>
    /// <param name="place">Where, and what the editor knows of it.</param>
    /// <param name="compilerProblems">What the compiler says of the document; null where nobody knows yet.</param>
    public static ImmutableArray<CodeActionOffer> List(CSharpDocument document, CodeActionPlace place, ImmutableArray<CodeProblem>? compilerProblems, CancellationToken cancellationToken)
    {
        var root = document.Tree.GetRoot(cancellationToken);
        if (EditPiece.Find(root, document.Text, place.Span) is not { } piece)
        {
            return [];
        }

        var here = compilerProblems?.Where(problem => problem.Span.IntersectsWith(place.Span)).ToImmutableArray() ?? [];
        var known = here.Select(problem => (problem.Id, problem.Span)).ToHashSet();
        ImmutableArray<CodeProblem> all = [.. here.Concat(place.Problems.Where(problem => !known.Contains((problem.Id, problem.Span)))).Where(problem => !LeftToRoslyn.Contains(problem.Id))];
        var fixes = all.Select(problem => new CodeActionOffer(CodeActionKind.Fix, $"Fix {problem.Id}: {problem.Message}", problem));
        // A person who asks before the compiler was asked can still have a problem fixed; which one is found out when it is chosen.
        var isUnknown = compilerProblems is null && all.IsEmpty && place.IsInvoked;
        var name = SymbolRename.FindDeclaredName(root, place.Span);
        return
        [
            .. isUnknown ? [new CodeActionOffer(CodeActionKind.Fix, "Fix the first error or warning here")] : fixes,
            .. OffersFor(piece, all, document.Project?.Compilation).Select(offer => new CodeActionOffer(offer.Kind, offer.Title)),
            .. name is null || document.Project is null ? [] : (IEnumerable<CodeActionOffer>)[new CodeActionOffer(CodeActionKind.Rename, $"Find a better name for {name}")],
        ];
    }

    private static IEnumerable<(CodeActionKind Kind, string Title)> OffersFor(EditPiece piece, ImmutableArray<CodeProblem> problems, Compilation? compilation)
    {
        var nodes = piece.Members.SelectMany(member => member.DescendantNodesAndSelf()).ToArray();
        var method = piece.Members is [BaseMethodDeclarationSyntax only] ? only : null;
        var statements = nodes.OfType<StatementSyntax>().Count(statement => statement is not BlockSyntax);
        yield return (CodeActionKind.Explain, $"Explain {piece.Name}");
        if (IsUnimplemented(nodes) || problems.Any(problem => UnimplementedMembers.Contains(problem.Id)))
        {
            yield return (CodeActionKind.Implement, $"Implement {piece.Name}");
        }

        if (piece.Members is [var member] && member is not GlobalStatementSyntax && !member.GetLeadingTrivia().Any(trivia => trivia.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineDocumentationCommentTrivia)))
        {
            yield return (CodeActionKind.Document, $"Write documentation for {piece.Name}");
        }

        if (piece.Members is [MethodDeclarationSyntax { Body: not null } or MethodDeclarationSyntax { ExpressionBody: not null } or TypeDeclarationSyntax] && IsVisible(piece.Members[0]) && (compilation is null || !TestProjects.IsTestProject(compilation)))
        {
            yield return (CodeActionKind.Tests, $"Write unit tests for {piece.Name}");
        }

        if (statements >= 3)
        {
            yield return (CodeActionKind.Simplify, $"Simplify {piece.Name}");
        }

        if (method is not null && LinesOf(method) > LongMethodLines)
        {
            yield return (CodeActionKind.ExtractMethod, $"Extract a method from {piece.Name}");
        }

        if (method is MethodDeclarationSyntax && !method.Modifiers.Any(SyntaxKind.AsyncKeyword) && nodes.OfType<MemberAccessExpressionSyntax>().Any(access => BlockingMembers.Contains(access.Name.Identifier.ValueText)))
        {
            yield return (CodeActionKind.MakeAsync, $"Make {piece.Name} asynchronous");
        }

        if (method is { Body: not null } && IsVisible(method) && method.ParameterList.Parameters.Count > 0 && !nodes.Any(IsValidation))
        {
            yield return (CodeActionKind.ValidateArguments, $"Validate the arguments of {piece.Name}");
        }

        if (nodes.Any(node => node is ForEachStatementSyntax))
        {
            yield return (CodeActionKind.LoopToLinq, $"Turn the loops of {piece.Name} into LINQ");
        }

        if (nodes.Any(node => node is QueryExpressionSyntax) || nodes.OfType<InvocationExpressionSyntax>().Any(IsQueryCall))
        {
            yield return (CodeActionKind.LinqToLoop, $"Turn the LINQ of {piece.Name} into loops");
        }

        if (nodes.OfType<VariableDeclaratorSyntax>().Any(variable => variable.Parent?.Parent is LocalDeclarationStatementSyntax && variable.Identifier.ValueText is { Length: <= 2 } name and not ("i" or "j" or "id")))
        {
            yield return (CodeActionKind.RenameLocals, $"Find better names in {piece.Name}");
        }
    }

    private static bool IsUnimplemented(IEnumerable<SyntaxNode> nodes) => nodes.Any(node =>
        node is ObjectCreationExpressionSyntax { Type: var type } && type.ToString().EndsWith("NotImplementedException", StringComparison.Ordinal)
        || node is BlockSyntax && node.DescendantTrivia().Any(trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) && trivia.ToString().TrimStart('/', ' ').StartsWith(UndoneMark, StringComparison.OrdinalIgnoreCase)));

    private static bool IsVisible(MemberDeclarationSyntax member) =>
        member.Modifiers.Any(SyntaxKind.PublicKeyword) || member.Modifiers.Any(SyntaxKind.InternalKeyword) || member.Modifiers.Any(SyntaxKind.ProtectedKeyword);

    private static bool IsValidation(SyntaxNode node) =>
        node is MemberAccessExpressionSyntax access && access.Name.Identifier.ValueText.StartsWith("ThrowIf", StringComparison.Ordinal)
        || node is ObjectCreationExpressionSyntax creation && creation.Type.ToString().StartsWith("Argument", StringComparison.Ordinal);

    private static bool IsQueryCall(InvocationExpressionSyntax call) =>
        call.Expression is MemberAccessExpressionSyntax access && QueryMethods.Contains(access.Name.Identifier.ValueText)
        && call.ArgumentList.Arguments.Any(argument => argument.Expression is LambdaExpressionSyntax);

    private static int LinesOf(SyntaxNode node)
    {
        var lines = node.GetLocation().GetLineSpan();
        return lines.EndLinePosition.Line - lines.StartLinePosition.Line + 1;
    }
}
