using GptOss.CodeAssist.Protocol;
using GptOss.CodeAssist.Rpc;

namespace GptOss.CodeAssist.Server;

/// <summary>Tells the person something, and asks, in editors that can.</summary>
/// <remarks>A person may take hours to answer, or never do: no request waits for it.</remarks>
internal sealed class PersonQuestions(RpcConnection connection)
{
    public Task TellAsync(MessageType type, string message) =>
        connection.NotifyAsync("window/showMessage", new ShowMessageParams { Type = type, Message = message }, ProtocolJson.Default.ShowMessageParams);

    /// <summary>The answer chosen; null where the person chose none, or the editor cannot ask.</summary>
    public async Task<string?> AskAsync(ClientProfile client, MessageType type, string question, IEnumerable<string> answers, CancellationToken cancellationToken)
    {
        if (!client.AsksPerson)
        {
            return null;
        }

        var request = new ShowMessageRequestParams { Type = type, Message = question, Actions = [.. answers.Select(answer => new MessageActionItem { Title = answer })] };
        var reply = await connection.FindReplyAsync("window/showMessageRequest", request, ProtocolJson.Default.ShowMessageRequestParams, ProtocolJson.Default.MessageActionItem, cancellationToken);
        return reply?.Title;
    }
}
