using GptOss.CodeAssist.EngineDaemon.Contract;
using GptOss.CodeAssist.Inference;
using Microsoft.Extensions.Logging;
using StreamJsonRpc;

namespace GptOss.CodeAssist.EngineDaemon.Hosting;

/// <summary>A guide that lives in the client's process.</summary>
/// <remarks>A client that does not answer in time is not asked again for this answer: one stuck editor must not hold up everybody's decode thread.</remarks>
internal sealed class RemoteGuide(JsonRpc rpc, int request, ILogger logger, TimeProvider time) : IGenerationGuide
{
    // Usually a millisecond; the first question of a process finds code that is not compiled yet.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private bool _isGone;

    public IByteConstraint? FindConstraint(string answer)
    {
        if (_isGone)
        {
            return null;
        }

        try
        {
            return rpc.InvokeAsync<IByteConstraint?>(EngineMethods.FindConstraint, request, answer).WaitAsync(Patience, time).GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is TimeoutException or RemoteRpcException or ConnectionLostException or ObjectDisposedException)
        {
            _isGone = true;
            logger.LogWarning("A client's guide did not answer; the answer goes on without it: {Reason}", exception.Message);
            return null;
        }
    }
}
