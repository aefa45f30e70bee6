using System.Collections.Immutable;
using GptOss.CodeAssist.CSharpContext.Edits;
using Microsoft.CodeAnalysis;

namespace GptOss.CodeAssist.Assistant.CodeActions;

/// <summary>One answer turned into an edit and checked.</summary>
/// <param name="Files">The edit; empty where the answer holds none or changes nothing.</param>
/// <param name="Errors">What the compiler has against it.</param>
/// <param name="Problem">What is wrong, in words for the model and the person; null where nothing is.</param>
internal sealed record RewriteAttempt(ImmutableArray<FileEdit> Files, ImmutableArray<EditError> Errors, string? Problem)
{
    private const int MostErrorsTold = 8;

    public static async Task<RewriteAttempt> MakeAsync(ActionSite site, EditPiece piece, CodeProblem? problem, string answer, CancellationToken cancellationToken)
    {
        var (document, why) = await FindChangeAsync(site, piece, answer, cancellationToken);
        if (document is null)
        {
            return new RewriteAttempt([], [], why);
        }

        var text = await document.GetTextAsync(cancellationToken);
        ImmutableArray<FileEdit> files = text.ContentEquals(site.Text) ? [] : [FileEdit.Between(site.Document.FilePath!, site.Text, text)];
        if (!site.IsCompiled)
        {
            return new RewriteAttempt(files, [], null);
        }

        var errors = await EditCheck.FindNewErrorsAsync(site.Document, document, cancellationToken);
        if (errors.IsEmpty && problem is not null && await IsStillThereAsync(site, document, problem, cancellationToken))
        {
            return new RewriteAttempt(files, [], $"{problem.Id} is still reported: {problem.Message}");
        }

        return new RewriteAttempt(files, errors, errors.IsEmpty ? null : Describe(errors));
    }

    public static string Describe(ImmutableArray<EditError> errors)
    {
        var lines = errors.Take(MostErrorsTold).Select(error => $"{error.Id}: {error.Message} (at `{error.Code}`)");
        return string.Join('\n', errors.Length > MostErrorsTold ? lines.Append($"and {errors.Length - MostErrorsTold} more") : lines);
    }

    /// <summary>The document with the answer's code in it. Of several blocks the one that declares the piece's members counts; if two do, nobody guesses.</summary>
    private static async Task<(Document? Document, string? Problem)> FindChangeAsync(ActionSite site, EditPiece piece, string answer, CancellationToken cancellationToken)
    {
        var blocks = CodeBlocks.Find(answer);
        if (blocks.IsEmpty)
        {
            // Code without a fence is code still; prose never parses as members.
            var bare = await PieceRewrite.ApplyAsync(site.Document, piece, answer, cancellationToken);
            return bare.Document is not null ? bare : (null, "The answer holds no fenced code block.");
        }

        var usable = new List<Document>();
        var problem = "";
        foreach (var block in blocks.Distinct())
        {
            var (document, why) = await PieceRewrite.ApplyAsync(site.Document, piece, block, cancellationToken);
            problem = why ?? problem;
            if (document is not null && (blocks.Length == 1 || Declares(block, piece)))
            {
                usable.Add(document);
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

    /// <summary>Whether the file has as many of this problem as before.</summary>
    private static async Task<bool> IsStillThereAsync(ActionSite site, Document changed, CodeProblem problem, CancellationToken cancellationToken)
    {
        var before = await CountAsync(site.Document);
        return before > 0 && await CountAsync(changed) >= before;

        async Task<int> CountAsync(Document document) => await document.GetSemanticModelAsync(cancellationToken) is { } model
            ? model.GetDiagnostics(null, cancellationToken).Count(found => found.Id == problem.Id && found.GetMessage(System.Globalization.CultureInfo.InvariantCulture) == problem.Message)
            : 0;
    }
}
