using GptOss.CodeAssist.Protocol;
using GptOss.CodeAssist.Rpc;

namespace GptOss.CodeAssist.Server.Handlers;

/// <summary><c>gptOss/status</c>: how the assistant is, even when the queue is stuck.</summary>
internal sealed class StatusHandler(StatusReporter status, RpcConnection connection)
{
    public Task<GptOssStatus> HandleAsync(Snapshot snapshot, NoParams parameters, CancellationToken cancellationToken) =>
        Task.FromResult(status.Describe(requestsInFlight: connection.RequestsInFlight - 1) with { EmptyAnswers = status.EmptyAnswers.Counts is { IsEmpty: false } counts ? counts : null }); // This very request is one of those in flight.
}
