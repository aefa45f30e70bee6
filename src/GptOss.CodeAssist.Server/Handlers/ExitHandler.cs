using GptOss.CodeAssist.Protocol;
using GptOss.CodeAssist.Rpc;

namespace GptOss.CodeAssist.Server.Handlers;

/// <summary><c>exit</c>: the connection ends.</summary>
internal sealed class ExitHandler(RpcConnection connection)
{
    public NoResult Handle(Session session, NoParams parameters)
    {
        var afterShutdown = session.Current.Lifecycle == Lifecycle.ShutDown;
        connection.End(new ConnectionEnd(ConnectionEndKind.Requested, afterShutdown ? "The editor said exit." : "The editor said exit without shutdown."));
        return NoResult.Instance;
    }
}
