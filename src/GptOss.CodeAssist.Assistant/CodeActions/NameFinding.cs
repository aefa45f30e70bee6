using System.Collections.Immutable;
using GptOss.CodeAssist.Assistant.Prompts;
using GptOss.CodeAssist.Assistant.Turns;
using GptOss.CodeAssist.CSharpContext.Edits;
using GptOss.CodeAssist.CSharpContext.Workspace;
using Microsoft.CodeAnalysis;

namespace GptOss.CodeAssist.Assistant.CodeActions;

/// <summary>Finds a better name for one symbol: the model says the name, and the compiler's own renaming puts it wherever the old one stands.</summary>
/// <param name="roots">The workspace's folders; a name that is used outside them is left alone.</param>
internal sealed class NameFinding(PromptLibrary prompts, ActionConversation conversation, ImmutableArray<string> roots, Action<string> onProgress)
{
    private const int MostUses = 12;

    private readonly WorkspaceFileFilter _filter = new(roots);

    public async Task<CodeActionResult> FindAsync(CodeActionRequest request, ActionSite site, CancellationToken cancellationToken)
    {
        if (!site.IsCompiled)
        {
            return Refuse("A name is changed only where its project could be loaded, because other files may use it.");
        }

        var (rename, why) = await SymbolRename.FindAsync(site.Document, request.Span.Start, cancellationToken);
        if (rename?.FindDeclaration() is not { } declared || await FindPieceAsync(declared.Document, declared.Span.Start, cancellationToken) is not { } piece)
        {
            return Refuse(why ?? "What bears this name is not declared in a file.");
        }

        var task = prompts.Get(PromptNames.Action(CodeActionKinds.NameOf(CodeActionKind.Rename)));
        var uses = string.Join('\n', await rename.FindUsesAsync(_filter, MostUses, cancellationToken));
        conversation.Begin(task, request.Effort.ToHarmony(), prompts.Get(PromptNames.Chat).Render(new Dictionary<string, string?> { ["has_tools"] = null }), repeatedCode: null);
        var attempt = new RewriteAttempt(null, [], [], null);
        for (var isRepair = false; ; isRepair = true)
        {
            conversation.Add(task.Render(new Dictionary<string, string?>
            {
                ["symbol"] = rename.Description,
                ["file"] = Path.GetFileName(declared.Document.FilePath),
                ["code"] = piece.Code,
                ["uses"] = uses.Length > 0 ? uses : null,
                ["errors"] = attempt.Problem,
            }));
            var answer = await conversation.AskAsync(codeOnly: true, cancellationToken);
            if (answer.Reason is not null)
            {
                return new CodeActionResult.Refused(answer.Reason, attempt.Errors, attempt.Files);
            }

            var name = NameIn(answer.Text);
            if (name == rename.Name)
            {
                return Refuse($"The model has no better name than {name}.");
            }

            onProgress("Compiling the change");
            attempt = name is null
                ? new RewriteAttempt(null, [], [], "The answer must be one C# name in one fenced block.")
                : await TryAsync(site, rename, name, cancellationToken);
            if (attempt.Files.FirstOrDefault(file => !IsOurs(file.Path)) is { } foreign)
            {
                return Refuse($"{rename.Name} is used in {foreign.Path} too, which is not to be changed from here.");
            }

            if (attempt.Problem is null)
            {
                return new CodeActionResult.Edited(attempt.Files, EditVerification.Compiled, isRepair);
            }

            if (isRepair)
            {
                return new CodeActionResult.Refused(EmptyReasons.EditRejected(attempt.Problem), attempt.Errors, attempt.Files);
            }

            onProgress("Looking for another name");
        }
    }

    private static async Task<RewriteAttempt> TryAsync(ActionSite site, SymbolRename rename, string name, CancellationToken cancellationToken)
    {
        var attempt = await RewriteAttempt.CheckAsync(site, await rename.ApplyAsync(name, cancellationToken), problem: null, cancellationToken);
        return attempt.Problem is null ? attempt : attempt with { Problem = $"With the name {name} the compiler reports:\n{attempt.Problem}" };
    }

    private static async Task<EditPiece?> FindPieceAsync(Document document, int position, CancellationToken cancellationToken) =>
        await document.GetSyntaxRootAsync(cancellationToken) is { } root ? EditPiece.Find(root, await document.GetTextAsync(cancellationToken), new Microsoft.CodeAnalysis.Text.TextSpan(position, 0)) : null;

    /// <summary>The name that an answer consists of; null for anything else.</summary>
    private static string? NameIn(string answer)
    {
        var name = (CodeBlocks.Find(answer) is [var block] ? block : answer).Trim().Trim('`').Trim();
        return SymbolRename.IsName(name) ? name : null;
    }

    private bool IsOurs(string path) => _filter.IsInside(path) && _filter.MayRead(path);

    private static CodeActionResult.Refused Refuse(string why) => new(EmptyReasons.NotActionable(why));
}
