using System.Collections.Concurrent;
using GptOss.CodeAssist.Assistant;
using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.Assistant.Completion.Habits;

namespace GptOss.CodeAssist.Server.Tests;

internal sealed class RecordingFeedback : ICompletionFeedback
{
    public ConcurrentQueue<string> Heard { get; } = new();

    public ConcurrentQueue<DocumentSnapshot> Edits { get; } = new();

    public double MinConfidence => 0;

    public void Offered(CompletionOffer offer) => Heard.Enqueue($"offered {offer.CandidateId}");

    public void Withdrawn(string path) => Heard.Enqueue($"withdrawn {path}");

    public void Edited(DocumentSnapshot document) => Edits.Enqueue(document);

    public void Shown(string candidateId) => Heard.Enqueue($"shown {candidateId}");

    public void Accepted(string candidateId) => Heard.Enqueue($"accepted {candidateId}");

    public void PartiallyAccepted(string candidateId, int acceptedLength) => Heard.Enqueue($"partly {candidateId} {acceptedLength}");
}
