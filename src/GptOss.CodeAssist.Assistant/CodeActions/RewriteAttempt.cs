using System.Collections.Immutable;
using System.Globalization;
using GptOss.CodeAssist.CSharpContext.Edits;
using Microsoft.CodeAnalysis;

namespace GptOss.CodeAssist.Assistant.CodeActions;

/// <summary>What answers made of the solution, checked.</summary>
/// <param name="Fork">The solution with the edit in it; null where the answer holds none.</param>
/// <param name="Files">The edit; empty where the answer holds none or changes nothing.</param>
/// <param name="Errors">What the compiler has against it.</param>
/// <param name="Problem">What is wrong, in words for the model and the person; null where nothing is.</param>
internal sealed record RewriteAttempt(Solution? Fork, ImmutableArray<FileEdit> Files, ImmutableArray<EditError> Errors, string? Problem)
{
    private const int MostErrorsTold = 8;

    /// <summary>The problem that was to go, where nobody could tell whether it did.</summary>
    public CodeProblem? Unverified { get; init; }

    /// <summary>One answer put into its piece's place, and checked.</summary>
    public static async Task<RewriteAttempt> MakeAsync(ActionSite site, EditPiece piece, CodeProblem? problem, string answer, CancellationToken cancellationToken)
    {
        var (document, why) = await FindChangeAsync(site.Document, piece, answer, cancellationToken);
        return document is null ? new RewriteAttempt(null, [], [], why) : await CheckAsync(site, document.Project.Solution, problem, cancellationToken);
    }

    /// <summary>Compiles a fork and tells what it changes and breaks.</summary>
    /// <param name="problem">What must be gone in it; null where nothing must.</param>
    public static async Task<RewriteAttempt> CheckAsync(ActionSite site, Solution fork, CodeProblem? problem, CancellationToken cancellationToken)
    {
        var files = await FindEditsAsync(site.Document, fork, cancellationToken);
        if (!site.IsCompiled)
        {
            return new RewriteAttempt(fork, files, [], null) { Unverified = problem };
        }

        var errors = await EditCheck.FindNewErrorsAsync(site.Document.Project.Solution, fork, cancellationToken);
        if (!errors.IsEmpty || problem is null)
        {
            return new RewriteAttempt(fork, files, errors, errors.IsEmpty ? null : Describe(errors));
        }

        var isGone = await FindIfGoneAsync(site, fork.GetDocument(site.Document.Id)!, problem, cancellationToken);
        return new RewriteAttempt(fork, files, [], isGone == false ? $"{problem.Id} is still reported: {problem.Message}" : null) { Unverified = isGone is null ? problem : null };
    }

    public static string Describe(ImmutableArray<EditError> errors)
    {
        var lines = errors.Take(MostErrorsTold).Select(error => $"{error.Id}: {error.Message} (at `{error.Code}`)");
        return string.Join('\n', errors.Length > MostErrorsTold ? lines.Append($"and {errors.Length - MostErrorsTold} more") : lines);
    }

    /// <summary>The document with the answer's code in it. Of several blocks the one that declares the piece's members counts; if two do, nobody guesses.</summary>
    public static async Task<(Document? Document, string? Problem)> FindChangeAsync(Document document, EditPiece piece, string answer, CancellationToken cancellationToken)
    {
        var blocks = CodeBlocks.Find(answer);
        if (blocks.IsEmpty)
        {
            // Code without a fence is code still; prose never parses as members.
            var bare = await PieceRewrite.ApplyAsync(document, piece, answer, cancellationToken);
            return bare.Document is not null ? bare : (null, "The answer holds no fenced code block.");
        }

        var usable = new List<Document>();
        var problem = "";
        foreach (var block in blocks.Distinct())
        {
            var (changed, why) = await PieceRewrite.ApplyAsync(document, piece, block, cancellationToken);
            problem = why ?? problem;
            if (changed is not null && (blocks.Length == 1 || Declares(block, piece)))
            {
                usable.Add(changed);
            }
        }

        return usable.Count switch
        {
            1 => (usable[0], null),
            0 => (null, problem.Length > 0 ? problem : "None of the code blocks is the whole piece."),
            _ => (null, "The answer holds several versions of the piece; one block was asked for."),
        };
    }

    private static bool Declares(string block, EditPiece piece) =>
        piece.Name.Split(", ").All(name => block.Contains(name[(name.LastIndexOf('.') + 1)..], StringComparison.Ordinal));

    /// <summary>What a fork changes, the file that the action is about first. A file of several projects is one file.</summary>
    private static async Task<ImmutableArray<FileEdit>> FindEditsAsync(Document site, Solution fork, CancellationToken cancellationToken)
    {
        var before = site.Project.Solution;
        var files = new List<FileEdit>();
        foreach (var id in fork.GetChanges(before).GetProjectChanges().SelectMany(project => project.GetChangedDocuments(onlyGetDocumentsWithTextChanges: true)))
        {
            var (old, changed) = (before.GetDocument(id)!, await fork.GetDocument(id)!.GetTextAsync(cancellationToken));
            if (await old.GetTextAsync(cancellationToken) is var text && !text.ContentEquals(changed))
            {
                files.Add(FileEdit.Between(old.FilePath!, text, changed));
            }
        }

        return [.. files.DistinctBy(file => file.Path).OrderByDescending(file => file.Path == site.FilePath)];
    }

    /// <summary>Whether the file has fewer of this problem than before, by the compiler's or an analyzer's word; null where neither reports it.</summary>
    private static async Task<bool?> FindIfGoneAsync(ActionSite site, Document after, CodeProblem problem, CancellationToken cancellationToken)
    {
        if (await CountAsync(site.Document) is > 0 and var compiled)
        {
            return await CountAsync(after) < compiled;
        }

        return await AnalyzerCheck.CountAsync(site.Document, problem.Id, site.Analyzers, cancellationToken) is > 0 and var analyzed
            ? await AnalyzerCheck.CountAsync(after, problem.Id, site.Analyzers, cancellationToken) < analyzed
            : null;

        async Task<int> CountAsync(Document document) => await document.GetSemanticModelAsync(cancellationToken) is { } model
            ? model.GetDiagnostics(null, cancellationToken).Count(found => found.Id == problem.Id && found.GetMessage(CultureInfo.InvariantCulture) == problem.Message)
            : 0;
    }
}
