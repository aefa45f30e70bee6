using GptOss.CodeAssist.Protocol;
using GptOss.CodeAssist.Rpc;

namespace GptOss.CodeAssist.Server.Handlers;

/// <summary><c>initialized</c>: from now on the server may speak first.</summary>
internal sealed class InitializedHandler(StatusReporter status, EditorSettings settings, RpcConnection connection)
{
    private bool _isStarted;

    public NoResult Handle(Session session, InitializedParams parameters)
    {
        if (!_isStarted)
        {
            _isStarted = true;
            var client = session.Current.Client;
            status.Start(client);
            settings.Start(client);
            if (client.WatchesFiles)
            {
                // A refusal is logged by the connection; files are then read again when they are opened.
                _ = connection.TryRequestAsync("client/registerCapability", DidChangeWatchedFilesHandler.Registration, ProtocolJson.Default.RegistrationParams, CancellationToken.None);
            }
        }

        return NoResult.Instance;
    }
}
