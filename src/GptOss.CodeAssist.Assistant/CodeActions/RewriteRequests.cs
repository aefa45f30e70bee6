using GptOss.CodeAssist.Assistant.Prompts;
using GptOss.CodeAssist.CSharpContext.Edits;
using Microsoft.CodeAnalysis;

namespace GptOss.CodeAssist.Assistant.CodeActions;

/// <summary>Writes what a model is asked for when it is to replace a piece of code.</summary>
internal sealed class RewriteRequests(PromptLibrary prompts)
{
    private const int MostContextCharacters = 6_000;

    /// <summary>What an action asks.</summary>
    /// <param name="task">The action's prompt file.</param>
    /// <param name="framework">In which tests are to be written; null for other actions.</param>
    public string Write(CodeActionRequest request, ActionSite site, EditPiece piece, CodeProblem? problem, PromptTemplate task, string? framework)
    {
        var place = problem is null ? null : site.Text.Lines.GetLineFromPosition(Math.Min(problem.Span.Start, site.Text.Length)).ToString().Trim();
        var told = problem is null ? null : $"{problem.Id}: {problem.Message} (at `{place}`)";
        var asked = task.Render(new Dictionary<string, string?>
        {
            ["member"] = piece.Name,
            ["diagnostic"] = told,
            ["instruction"] = request.Instruction,
            ["framework"] = framework,
        });
        return Write(asked, site.Document, piece, request.Kind == CodeActionKind.Fix ? null : told);
    }

    /// <param name="task">What to do, in words.</param>
    /// <param name="errors">What the compiler says; null where it says nothing, or the task says it.</param>
    public string Write(string task, Document document, EditPiece piece, string? errors) => prompts.Get(PromptNames.RewriteRequest).Render(new Dictionary<string, string?>
    {
        ["task"] = task,
        ["file"] = Path.GetFileName(document.FilePath),
        ["context"] = TypeOutline.Around(piece, MostContextCharacters) is { Length: > 0 } outline ? outline : null,
        ["errors"] = errors,
        ["code"] = piece.Code,
    });
}
