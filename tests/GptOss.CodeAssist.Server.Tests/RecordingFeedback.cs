using System.Collections.Concurrent;
using GptOss.CodeAssist.Assistant.Completion;

namespace GptOss.CodeAssist.Server.Tests;

internal sealed class RecordingFeedback : ICompletionFeedback
{
    public ConcurrentQueue<string> Heard { get; } = new();

    public void Shown(string candidateId) => Heard.Enqueue($"shown {candidateId}");

    public void Accepted(string candidateId) => Heard.Enqueue($"accepted {candidateId}");

    public void PartiallyAccepted(string candidateId, int acceptedLength) => Heard.Enqueue($"partly {candidateId} {acceptedLength}");
}
