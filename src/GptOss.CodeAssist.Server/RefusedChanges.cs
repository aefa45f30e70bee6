using System.Text;
using GptOss.CodeAssist.Assistant.CodeActions;
using GptOss.CodeAssist.Protocol;

namespace GptOss.CodeAssist.Server;

/// <summary>Lets a person see a change that was refused, with what the compiler has against it.</summary>
internal sealed class RefusedChanges(AnswerDocuments answers, PersonQuestions questions)
{
    private const string Show = "Show the change";

    /// <summary>Offers the change in the best way that the editor has: a question, a document, or a path in the message. Never waits for the person.</summary>
    /// <returns>What to tell the person; null where a question has told it.</returns>
    public async Task<string?> OfferAsync(ClientProfile client, CodeActionResult.Refused refused, CancellationToken cancellationToken)
    {
        if (refused.Attempt.IsEmpty)
        {
            return refused.Reason.Message;
        }

        if (client is { AsksPerson: true, ShowsDocuments: true })
        {
            _ = AskAsync(client, refused);
            return null;
        }

        var change = Describe(refused);
        if (!client.ShowsDocuments)
        {
            return $"{refused.Reason.Message} The change can be read in {await answers.WriteAsync(change, cancellationToken)}";
        }

        await answers.ShowAsync(client, change, cancellationToken);
        return refused.Reason.Message;
    }

    /// <summary>Why nothing is offered, the errors, and the change as a diff, in Markdown.</summary>
    public static string Describe(CodeActionResult.Refused refused)
    {
        var text = new StringBuilder(refused.Reason.Message).Append('\n');
        foreach (var error in refused.Errors)
        {
            text.Append($"\n- {Path.GetFileName(error.Path)}:{error.Line}: {error.Id}: {error.Message}");
        }

        foreach (var file in refused.Attempt)
        {
            text.Append($"\n\n```diff\n{UnifiedDiff.Of(file)}```");
        }

        return text.Append('\n').ToString();
    }

    /// <summary>The request is answered long before the person is; the end of the connection ends the question.</summary>
    private async Task AskAsync(ClientProfile client, CodeActionResult.Refused refused)
    {
        if (await questions.AskAsync(client, MessageType.Warning, refused.Reason.Message, [Show], CancellationToken.None) == Show)
        {
            await answers.ShowAsync(client, Describe(refused), CancellationToken.None);
        }
    }
}
