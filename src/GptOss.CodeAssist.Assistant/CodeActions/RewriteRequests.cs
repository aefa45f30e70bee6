using GptOss.CodeAssist.Assistant.Prompts;
using GptOss.CodeAssist.CSharpContext.Edits;
using Microsoft.CodeAnalysis;

namespace GptOss.CodeAssist.Assistant.CodeActions;

/// <summary>Writes what a model is asked for when it is to replace a piece of code.</summary>
internal sealed class RewriteRequests(PromptLibrary prompts)
{
    private const int MostContextCharacters = 6_000;

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
