using GptOss.CodeAssist.Protocol;

namespace GptOss.CodeAssist.Server.Handlers;

/// <summary><c>shutdown</c>: nothing is accepted after it but <c>exit</c>.</summary>
internal static class ShutdownHandler
{
    public static NoResult Handle(Session session, NoParams parameters)
    {
        session.ShutDown();
        return NoResult.Instance;
    }
}
