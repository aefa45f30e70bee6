using System.Collections.Immutable;
using GptOss.CodeAssist.Assistant.Prompts;
using GptOss.CodeAssist.CSharpContext.Edits;
using GptOss.CodeAssist.CSharpContext.Workspace;
using GptOss.CodeAssist.Harmony;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Assistant.CodeActions;

/// <summary>Adapts the members that a wanted change breaks elsewhere: callers of a new signature, implementations of a new member.</summary>
/// <param name="begin">A new conversation: each member is asked for by itself, so that no answer has to be taken apart.</param>
/// <param name="roots">The workspace's folders; nothing outside them is changed.</param>
internal sealed class FollowingRewrites(PromptLibrary prompts, RewriteRequests requests, Func<ActionConversation> begin, ImmutableArray<string> roots, Action<string> onProgress)
{
    /// <summary>What breaks more than this is no edit for a menu.</summary>
    private const int MostMembers = 8;

    private readonly WorkspaceFileFilter _filter = new(roots);

    /// <summary>Asks for one broken member after another until nothing new is wrong; the attempt as far as it came where that fails.</summary>
    /// <param name="attempt">The wanted change; left as it is where it is wrong in itself.</param>
    public async Task<RewriteAttempt> FollowAsync(ActionSite site, EditPiece piece, CodeProblem? problem, RewriteAttempt attempt, ReasoningEffort? effort, CancellationToken cancellationToken)
    {
        var asked = new HashSet<(string Path, string Signature)> { (site.Document.FilePath!, piece.Signature) };
        var change = await FindRewrittenAsync(site, attempt.Fork!, piece, cancellationToken);
        if (change is not null)
        {
            asked.Add((site.Document.FilePath!, change.Signature));
        }

        if (await IsWrongItselfAsync(attempt, asked, cancellationToken))
        {
            return attempt;
        }

        for (var count = 0; count < MostMembers && attempt is { Fork: { } fork, Errors.IsEmpty: false }; count++)
        {
            if (await FindNextAsync(fork, attempt.Errors, asked, cancellationToken) is not { } broken)
            {
                break;
            }

            onProgress($"Adapting {broken.Piece.Name}");
            var answer = await AskAsync(broken, piece, change ?? piece, effort, cancellationToken);
            var (document, _) = answer is null ? (null, null) : await RewriteAttempt.FindChangeAsync(broken.Document, broken.Piece, answer, cancellationToken);
            if (document is null)
            {
                continue;
            }

            attempt = await RewriteAttempt.CheckAsync(site, document.Project.Solution, problem, cancellationToken);
        }

        return attempt;
    }

    private async Task<string?> AskAsync(BrokenMember broken, EditPiece piece, EditPiece change, ReasoningEffort? effort, CancellationToken cancellationToken)
    {
        var task = prompts.Get(PromptNames.Follow);
        var conversation = begin();
        conversation.Begin(task, effort, prompts.Get(PromptNames.Rewrite).Render(new Dictionary<string, string?>()), broken.Piece.Code);
        conversation.Add(requests.Write(
            task.Render(new Dictionary<string, string?> { ["member"] = piece.Name, ["change"] = change.Code }), broken.Document, broken.Piece, RewriteAttempt.Describe(broken.Errors)));
        var (text, reason) = await conversation.AskAsync(codeOnly: true, cancellationToken);
        return reason is null ? text : null;
    }

    private async Task<bool> IsWrongItselfAsync(RewriteAttempt attempt, HashSet<(string, string)> change, CancellationToken cancellationToken)
    {
        foreach (var error in attempt.Errors)
        {
            if (await FindPieceAsync(attempt.Fork!, error, cancellationToken) is { } found && change.Contains((error.Path, found.Piece.Signature)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The first broken member that nobody was asked about; null where there is none, or where it may not be changed.</summary>
    private async Task<BrokenMember?> FindNextAsync(Solution fork, ImmutableArray<EditError> errors, HashSet<(string, string)> asked, CancellationToken cancellationToken)
    {
        foreach (var error in errors)
        {
            if (await FindPieceAsync(fork, error, cancellationToken) is not { } found || !asked.Add((error.Path, found.Piece.Signature)))
            {
                continue;
            }

            var own = errors.Where(other => other.Path == error.Path && found.Lines.Start <= other.Line && other.Line <= found.Lines.End).ToImmutableArray();
            return new BrokenMember(found.Document, found.Piece, own);
        }

        return null;
    }

    private async Task<(Document Document, EditPiece Piece, (int Start, int End) Lines)?> FindPieceAsync(Solution fork, EditError error, CancellationToken cancellationToken)
    {
        if (!_filter.IsInside(error.Path) || !_filter.MayRead(error.Path) || fork.GetDocumentIdsWithFilePath(error.Path).Select(fork.GetDocument).FirstOrDefault(found => found is not null) is not { } document)
        {
            return null;
        }

        var text = await document.GetTextAsync(cancellationToken);
        var line = text.Lines[error.Line - 1];
        var start = line.Start + (line.ToString().Length - line.ToString().TrimStart().Length);
        return await document.GetSyntaxRootAsync(cancellationToken) is { } root && EditPiece.Find(root, text, new TextSpan(start, 0)) is { } piece
            ? (document, piece, (text.Lines.GetLineFromPosition(piece.Span.Start).LineNumber + 1, text.Lines.GetLineFromPosition(piece.Span.End).LineNumber + 1))
            : null;
    }

    /// <summary>The piece as it is in the fork; only usings may have been put before it.</summary>
    private static async Task<EditPiece?> FindRewrittenAsync(ActionSite site, Solution fork, EditPiece piece, CancellationToken cancellationToken)
    {
        var document = fork.GetDocument(site.Document.Id)!;
        var text = await document.GetTextAsync(cancellationToken);
        var end = text.Length - (site.Text.Length - piece.Span.End);
        return await document.GetSyntaxRootAsync(cancellationToken) is { } root ? EditPiece.Find(root, text, new TextSpan(Math.Max(0, end - 1), 0)) : null;
    }

    private sealed record BrokenMember(Document Document, EditPiece Piece, ImmutableArray<EditError> Errors);
}
