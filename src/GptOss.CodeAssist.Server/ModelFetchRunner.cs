using GptOss.CodeAssist.Protocol;
using GptOss.CodeAssist.Rpc;

namespace GptOss.CodeAssist.Server;

/// <summary>Fetches a model for a person who asked for it in the editor, with progress there.</summary>
internal sealed class ModelFetchRunner(ModelFetching fetch, RpcConnection connection, RunningWorks works)
{
    /// <exception cref="RequestFailedException">It could not be fetched, or the person cancelled.</exception>
    public async Task<GptOssCommandResult> RunAsync(Snapshot snapshot, string model, ProgressToken? token, CancellationToken cancellationToken)
    {
        await using var progress = await WorkProgress.BeginAsync(connection, works, snapshot.Client, token, $"Fetching {model}", cancellationToken);
        try
        {
            var fetched = await fetch(model, (what, percentage) => progress.Report(what, percentage), progress.Token);
            progress.Outcome = fetched.Message;
            return fetched.IsDone ? new GptOssCommandResult { Markdown = fetched.Message } : throw new RequestFailedException(RequestErrorCode.RequestFailed, fetched.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RequestFailedException(RequestErrorCode.RequestCancelled, $"Cancelled; what is here of {model} is kept for the next time.");
        }
    }
}
