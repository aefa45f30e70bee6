using GptOss.CodeAssist.Protocol;
using GptOss.CodeAssist.Rpc;

namespace GptOss.CodeAssist.Server.Handlers;

/// <summary><c>initialized</c>: from now on the server may speak first.</summary>
internal sealed class InitializedHandler(StatusReporter status, EditorSettings settings, LanguageServerServices services, RpcConnection connection)
{
    private bool _isStarted;

    public NoResult Handle(Session session, InitializedParams parameters)
    {
        if (!_isStarted)
        {
            _isStarted = true;
            services.Greeted?.Invoke();
            var client = session.Current.Client;
            status.Start(client);
            settings.Start(client);
            _ = HearOfChangesAsync(client);
        }

        return NoResult.Instance;
    }

    /// <summary>From the editor, which watches files anyway; from the disk itself where the editor does not or will not.</summary>
    private async Task HearOfChangesAsync(ClientProfile client)
    {
        if (!client.WatchesFiles
            || !await connection.TryRequestAsync("client/registerCapability", DidChangeWatchedFilesHandler.Registration, ProtocolJson.Default.RegistrationParams, CancellationToken.None))
        {
            services.Workspaces?.WatchDisk();
        }
    }
}
