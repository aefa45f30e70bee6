using GptOss.CodeAssist.Assistant;
using GptOss.CodeAssist.Rpc;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Server;

/// <summary>Shows in the editor that projects are being read, where that takes long enough to be wondered about.</summary>
internal sealed class SolutionProgress : IDisposable
{
    private static readonly TimeSpan WorthShowing = TimeSpan.FromMilliseconds(500);

    private readonly CSharpWorkspaces? _workspaces;
    private readonly RpcConnection _connection;
    private readonly RunningWorks _works;
    private readonly Session _session;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closing = new();

    public SolutionProgress(CSharpWorkspaces? workspaces, RpcConnection connection, RunningWorks works, Session session, ILogger logger, TimeProvider time)
    {
        (_workspaces, _connection, _works, _session, _logger, _time) = (workspaces, connection, works, session, logger, time);
        if (workspaces is not null)
        {
            workspaces.Loading += Show;
        }
    }

    public void Dispose()
    {
        if (_workspaces is not null)
        {
            _workspaces.Loading -= Show;
        }

        _closing.Cancel();
        _closing.Dispose();
    }

    /// <summary>Returns at once, and shows it for as long as it takes.</summary>
    public void Show(WorkspaceLoading loading) => _ = ShowAsync(loading);

    private async Task ShowAsync(WorkspaceLoading loading)
    {
        try
        {
            var closing = _closing.Token;
            if (await Task.WhenAny(loading.Done, Task.Delay(WorthShowing, _time, closing)) == loading.Done)
            {
                return;
            }

            await using var progress = await WorkProgress.BeginAsync(_connection, _works, _session.Current.Client, given: null, loading.Activity, closing, isCancellable: loading.Stop is not null);
            await using var stop = progress.Token.UnsafeRegister(_ => loading.Stop?.Invoke(), null);
            await loading.Done.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            progress.Outcome = loading.Describe();
        }
        catch (Exception ending) when (ending is OperationCanceledException or ObjectDisposedException)
        {
            // The connection ended.
        }
#pragma warning disable CA1031 // Progress is a courtesy: whatever breaks it must not pass unseen, nor break anything else.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _logger.LogError(failure, "Showing that projects are being read failed.");
        }
    }
}
