using GptOss.CodeAssist.Protocol;

namespace GptOss.CodeAssist.Server.Handlers;

/// <summary><c>window/workDoneProgress/cancel</c>: the person pressed cancel where the progress is shown.</summary>
internal sealed class WorkDoneProgressCancelHandler(RunningWorks works)
{
    public Task<NoResult> HandleAsync(Snapshot snapshot, WorkDoneProgressCancelParams parameters, CancellationToken cancellationToken)
    {
        works.Cancel(parameters.Token);
        return Task.FromResult(NoResult.Instance);
    }
}
