using GptOss.CodeAssist.Protocol;
using GptOss.CodeAssist.Rpc;

namespace GptOss.CodeAssist.Server;

/// <summary>Shows one piece of work in the editor while it runs, and lets the person cancel it there.</summary>
internal sealed class WorkProgress : IAsyncDisposable
{
    private readonly CancellationTokenSource _cancellation;
    private readonly RunningWorks _works;
    private readonly ProgressToken? _token;
    private readonly OrderedNotifications<WorkDoneProgress>? _notifications;

    private WorkProgress(RpcConnection connection, RunningWorks works, ProgressToken? token, CancellationToken cancellationToken)
    {
        _works = works;
        _token = token;
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (token is not null)
        {
            works.Add(token, _cancellation);
            _notifications = new OrderedNotifications<WorkDoneProgress>(
                value => connection.NotifyAsync("$/progress", new ProgressParams { Token = token, Value = value }, ProtocolJson.Default.ProgressParams));
        }
    }

    /// <summary>Cancelled with the request, or by the person.</summary>
    public CancellationToken Token => _cancellation.Token;

    /// <summary>Begins; shows nothing where the editor gave no token and cannot make room for one.</summary>
    public static async Task<WorkProgress> BeginAsync(RpcConnection connection, RunningWorks works, ClientProfile client, ProgressToken? given, string title, CancellationToken cancellationToken, bool isCancellable = true)
    {
        var token = given;
        if (token is null && client.WorkDoneProgress)
        {
            var made = works.NextToken();
            var create = new WorkDoneProgressCreateParams { Token = made };
            token = await connection.TryRequestAsync("window/workDoneProgress/create", create, ProtocolJson.Default.WorkDoneProgressCreateParams, cancellationToken) ? made : null;
        }

        var progress = new WorkProgress(connection, works, token, cancellationToken);
        progress._notifications?.Send(new WorkDoneProgress { Kind = "begin", Title = title, Cancellable = isCancellable });
        return progress;
    }

    /// <summary>What was achieved, shown when it ends; null for nothing.</summary>
    public string? Outcome { get; set; }

    /// <param name="percentage">How far it is, between 0 and 100; null where nobody knows.</param>
    public void Report(string message, int? percentage = null) => _notifications?.Send(new WorkDoneProgress { Kind = "report", Message = message, Percentage = percentage });

    public async ValueTask DisposeAsync()
    {
        if (_token is not null)
        {
            _works.Remove(_token);
        }

        if (_notifications is not null)
        {
            _notifications.Send(new WorkDoneProgress { Kind = "end", Message = Outcome });
            await _notifications.DisposeAsync();
        }

        _cancellation.Dispose();
    }
}
