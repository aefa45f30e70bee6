using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.Protocol;
using GptOss.CodeAssist.Rpc;

namespace GptOss.CodeAssist.Server.Handlers;

/// <summary><c>workspace/executeCommand</c>: a person took a whole answer, and the editor ran the answer's command.</summary>
internal sealed class ExecuteCommandHandler(ICompletionFeedback? feedback)
{
    public NoResult Handle(Session session, ExecuteCommandParams parameters)
    {
        var command = new Command { Title = "", Name = parameters.Command, Arguments = parameters.Arguments };
        var id = ProtocolConversions.FindCandidateId(command)
            ?? throw new RequestFailedException(RequestErrorCode.InvalidParams, $"The only command is {ProtocolConversions.DidAcceptCommand} with one string, a completion's id.");
        feedback?.Accepted(id);
        return NoResult.Instance;
    }
}
