using System.Threading.Channels;
using GptOss.CodeAssist.Assistant;
using GptOss.CodeAssist.Protocol;
using GptOss.CodeAssist.Rpc;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Server;

/// <summary>Tells the editor how the assistant is: progress while the model loads, <c>gptOss/didChangeStatus</c>, and one line in its log when there will be no model.</summary>
/// <remarks>News arrive on the engine's threads, which must not wait; one loop of its own sends them, always the newest, in order.</remarks>
internal sealed class StatusReporter : IDisposable
{
    private static readonly ProgressToken LoadToken = new("gptOss/model-load");
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _disposal = new();
    private readonly RpcConnection _connection;
    private readonly LanguageServerServices _services;
    private readonly ILogger _logger;

    public StatusReporter(RpcConnection connection, LanguageServerServices services, ILogger logger)
    {
        _connection = connection;
        _services = services;
        _logger = logger;
        EmptyAnswers = new EmptyAnswerLog(logger);
        services.Status.Changed += OnChanged;
        EmptyAnswers.Changed += Wake;
    }

    public EmptyAnswerLog EmptyAnswers { get; }

    public GptOssStatus Describe(int requestsInFlight) => ProtocolConversions.ToProtocol(_services.Status.Current, EmptyAnswers.Newest, requestsInFlight, _services.Version);

    /// <summary>Starts telling; called once, when the editor may be told things.</summary>
    public void Start(ClientProfile client)
    {
        Wake();
        var stop = _disposal.Token;
        _ = Task.Run(() => ReportAsync(client, stop), stop);
    }

    public void Dispose()
    {
        _services.Status.Changed -= OnChanged;
        _disposal.Cancel();
        _disposal.Dispose();
    }

    private void OnChanged(AssistantStatus status) => Wake();

    private void Wake() => _news.Writer.TryWrite(true);

    private async Task ReportAsync(ClientProfile client, CancellationToken stop)
    {
        try
        {
            var (isProgressOpen, isProblemTold) = (false, false);
            GptOssStatus? told = null;
            await foreach (var _ in _news.Reader.ReadAllAsync(stop))
            {
                var current = _services.Status.Current;
                if (client.WorkDoneProgress)
                {
                    isProgressOpen = await ReportLoadingAsync(current, isProgressOpen, stop);
                }

                if (current.State == AssistantState.Failed && !isProblemTold)
                {
                    isProblemTold = true;
                    await _connection.NotifyAsync("window/logMessage", new LogMessageParams { Type = MessageType.Error, Message = $"gptoss-codeassist: {current.Problem}" }, ProtocolJson.Default.LogMessageParams);
                }

                // The count of running requests changes all the time and is no news.
                var status = Describe(requestsInFlight: 0);
                if (client.StatusNotification && status != told)
                {
                    told = status;
                    await _connection.NotifyAsync("gptOss/didChangeStatus", status, ProtocolJson.Default.GptOssStatus);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The connection ended.
        }
#pragma warning disable CA1031 // Status is a courtesy: whatever breaks it must not pass unseen, nor break anything else.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _logger.LogError(failure, "Telling the editor about the status failed.");
        }
    }

    /// <summary>True while the editor shows our progress.</summary>
    private async Task<bool> ReportLoadingAsync(AssistantStatus current, bool isOpen, CancellationToken stop)
    {
        var percentage = (int)((current.LoadFraction ?? 0) * 100);
        if (current.State == AssistantState.Loading)
        {
            if (!isOpen)
            {
                var create = new WorkDoneProgressCreateParams { Token = LoadToken };
                if (!await _connection.TryRequestAsync("window/workDoneProgress/create", create, ProtocolJson.Default.WorkDoneProgressCreateParams, stop))
                {
                    return false;
                }
            }

            await SendAsync(isOpen
                ? new WorkDoneProgress { Kind = "report", Percentage = percentage }
                : new WorkDoneProgress { Kind = "begin", Title = "Loading the model", Cancellable = false, Percentage = percentage });
            return true;
        }

        if (isOpen)
        {
            await SendAsync(new WorkDoneProgress { Kind = "end", Message = current.Problem ?? current.Model });
        }

        return false;

        Task SendAsync(WorkDoneProgress progress) =>
            _connection.NotifyAsync("$/progress", new ProgressParams { Token = LoadToken, Value = progress }, ProtocolJson.Default.ProgressParams);
    }
}
