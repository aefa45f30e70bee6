using System.Collections.Immutable;
using GptOss.CodeAssist.Assistant.Prompts;
using GptOss.CodeAssist.Assistant.Turns;
using GptOss.CodeAssist.CSharpContext;
using GptOss.CodeAssist.CSharpContext.Edits;
using GptOss.CodeAssist.CSharpContext.Workspace;
using GptOss.CodeAssist.Inference;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Assistant.CodeActions;

/// <summary>Code actions with a local chat model, each compiled in memory before it is offered.</summary>
/// <param name="findSource">The workspace that a file belongs to; null where it belongs to none.</param>
public sealed class CodeActionService(IInferenceEngine engine, Func<string, ISolutionSource?> findSource, PromptLibrary prompts, ILogger logger) : ICodeActionService
{
    private readonly CompilerProblems _problems = new(logger);
    private readonly TurnRunner _runner = new(engine, logger);

    public EmptyReason? Unavailable => ChatModelCheck.FindRefusal(engine.Status);

    public async Task<ImmutableArray<CodeActionOffer>> ListAsync(CodeActionPlace place, CancellationToken cancellationToken)
    {
        // In the background: an editor asks at every move of the caret, and others wait in the same queue.
        return place.Document.LanguageId == "csharp" ? await Task.Run(List, cancellationToken) : [];

        ImmutableArray<CodeActionOffer> List()
        {
            var (path, text) = (place.Document.Path, place.Document.Text);
            return findSource(path)?.FindDocument(path, text) is { } document
                ? CodeActionOffers.List(document, place, _problems.Find(document), cancellationToken)
                : CodeActionOffers.List(CSharpDocument.Parse(path, text, cancellationToken: cancellationToken), place, [], cancellationToken);
        }
    }

    public async Task<CodeActionResult> ComputeAsync(CodeActionRequest request, Action<string> onProgress, CancellationToken cancellationToken)
    {
        if (await ChatModelCheck.FindRefusalAsync(engine, reason => onProgress(reason.Message), cancellationToken) is { } refusal)
        {
            return new CodeActionResult.Refused(refusal);
        }

        try
        {
            return await AnswerAsync(request, onProgress, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (InferenceException failure)
        {
            logger.LogWarning("A code action failed: {Error}: {Message}", failure.Error, failure.Message);
            return new CodeActionResult.Refused(ChatModelCheck.ReasonOf(failure));
        }
#pragma warning disable CA1031 // Whatever one action breaks, the editor is told in words and the next action works.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            logger.LogError(failure, "A code action failed");
            return new CodeActionResult.Refused(EmptyReasons.EngineFailed($"The action failed: {failure.Message}"));
        }
    }

    private async Task<CodeActionResult> AnswerAsync(CodeActionRequest request, Action<string> onProgress, CancellationToken cancellationToken)
    {
        if (request.Document.LanguageId != "csharp")
        {
            return new CodeActionResult.Refused(EmptyReasons.NotActionable("Code actions work on C# files."));
        }

        var source = findSource(request.Document.Path);
        if (ExcludedFiles.Find(request.Document.Path, source is null ? null : new WorkspaceFileFilter(source.Roots)) is { } excluded)
        {
            return new CodeActionResult.Refused(excluded);
        }

        var site = await ActionSite.FindAsync(source, request.Document, request.OpenDocuments, request.Span, cancellationToken);
        var problem = request.Problem ?? (request.Kind is CodeActionKind.Fix or CodeActionKind.Implement ? await CompilerProblems.FindFirstAsync(site, request.Span, cancellationToken) : null);
        if (request.Kind == CodeActionKind.Fix && problem is null)
        {
            onProgress("Looking for warnings");
            problem = await CompilerProblems.FindFirstOfAnalyzersAsync(site, request.Span, cancellationToken);
        }

        if (request.Kind == CodeActionKind.Rename)
        {
            var conversation = new ActionConversation(engine, _runner, await engine.WaitForModelAsync(cancellationToken), onProgress);
            return await new NameFinding(prompts.For(source?.Roots ?? []), conversation, source?.Roots ?? [], onProgress).FindAsync(request, site, cancellationToken);
        }

        if (site.Piece is not { } piece)
        {
            return new CodeActionResult.Refused(EmptyReasons.NotActionable("There is no member at this place."));
        }

        if (request.Kind == CodeActionKind.Fix && problem is null)
        {
            return new CodeActionResult.Refused(EmptyReasons.NotActionable("There is no error or warning at this place."));
        }

        if (request.Kind == CodeActionKind.Edit && string.IsNullOrWhiteSpace(request.Instruction))
        {
            return new CodeActionResult.Refused(EmptyReasons.NotActionable("The instruction is missing: say what to change."));
        }

        var model = await engine.WaitForModelAsync(cancellationToken);
        var local = prompts.For(source?.Roots ?? []);
        var requests = new RewriteRequests(local);
        ActionConversation Begin() => new(engine, _runner, model, onProgress);
        return request.Kind switch
        {
            CodeActionKind.Explain => await ExplainAsync(request, site, piece, local, Begin(), cancellationToken),
            CodeActionKind.Tests => await new TestWriting(local, requests, Begin()).WriteAsync(request, site, piece, onProgress, cancellationToken),
            _ => await RewriteAsync(request, site, piece, problem, local, requests, Begin(), new FollowingRewrites(local, requests, Begin, source?.Roots ?? [], onProgress), onProgress, cancellationToken),
        };
    }

    private static async Task<CodeActionResult> ExplainAsync(CodeActionRequest request, ActionSite site, EditPiece piece, PromptLibrary prompts, ActionConversation conversation, CancellationToken cancellationToken)
    {
        var prompt = prompts.Get(PromptNames.Explain);
        conversation.Begin(prompt, request.Effort.ToHarmony(), prompts.Get(PromptNames.Chat).Render(new Dictionary<string, string?> { ["has_tools"] = null }), repeatedCode: null);
        conversation.Add(prompt.Render(new Dictionary<string, string?> { ["file"] = Path.GetFileName(site.Document.FilePath), ["code"] = piece.Code }));
        var answer = await conversation.AskAsync(codeOnly: false, cancellationToken);
        return answer.Reason is null ? new CodeActionResult.Explained(answer.Text) : new CodeActionResult.Refused(answer.Reason);
    }

    private static async Task<CodeActionResult> RewriteAsync(
        CodeActionRequest request, ActionSite site, EditPiece piece, CodeProblem? problem, PromptLibrary prompts, RewriteRequests requests, ActionConversation conversation, FollowingRewrites following, Action<string> onProgress, CancellationToken cancellationToken)
    {
        var task = prompts.Get(PromptNames.Action(CodeActionKinds.NameOf(request.Kind)));
        conversation.Begin(task, request.Effort.ToHarmony(), prompts.Get(PromptNames.Rewrite).Render(new Dictionary<string, string?>()), piece.Code);
        conversation.Add(requests.Write(request, site, piece, problem, task, framework: null));

        RewriteAttempt? attempt = null;
        for (var isRepair = false; ; isRepair = true)
        {
            var answer = await conversation.AskAsync(codeOnly: true, cancellationToken);
            if (answer.Reason is not null)
            {
                return new CodeActionResult.Refused(answer.Reason, attempt?.Errors ?? [], attempt?.Files ?? []);
            }

            onProgress("Compiling the change");
            attempt = await RewriteAttempt.MakeAsync(site, piece, problem, answer.Text, cancellationToken);
            if (MayChangeOthers(request.Kind) && !attempt.Errors.IsEmpty)
            {
                attempt = await following.FollowAsync(site, piece, problem, attempt, request.Effort.ToHarmony(), cancellationToken);
            }

            if (attempt.Problem is null)
            {
                return attempt.Files.IsEmpty
                    ? new CodeActionResult.Refused(EmptyReasons.NotActionable("The model left the code as it is."))
                    : new CodeActionResult.Edited(attempt.Files, site.IsCompiled ? EditVerification.Compiled : EditVerification.Parsed, isRepair) { Unverified = attempt.Unverified };
            }

            if (isRepair)
            {
                return new CodeActionResult.Refused(EmptyReasons.EditRejected(attempt.Problem), attempt.Errors, attempt.Files);
            }

            onProgress("Repairing the change");
            conversation.Add(prompts.Get(PromptNames.Repair).Render(new Dictionary<string, string?> { ["errors"] = attempt.Problem }));
        }
    }

    /// <summary>Kinds for which a new signature may be what was asked for; the others are told to leave others alone.</summary>
    private static bool MayChangeOthers(CodeActionKind kind) => kind is CodeActionKind.MakeAsync or CodeActionKind.Edit;
}
