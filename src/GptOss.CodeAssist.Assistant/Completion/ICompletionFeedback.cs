using GptOss.CodeAssist.Assistant.Completion.Habits;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>What becomes of candidates: the service says what it offers, the editor what it shows and what is taken.</summary>
/// <remarks>Called from any thread; must return at once and never throw. Ids that nobody knows are ignored.</remarks>
public interface ICompletionFeedback
{
    /// <summary>Least confidence that is worth showing to this person, between 0 and 1.</summary>
    double MinConfidence { get; }

    /// <summary>The best candidate goes to the editor.</summary>
    void Offered(CompletionOffer offer);

    /// <summary>The editor asked for a document, and nothing is offered any more.</summary>
    void Withdrawn(string path);

    /// <summary>A person saw the candidate.</summary>
    void Shown(string candidateId);

    /// <summary>A person took the whole candidate.</summary>
    void Accepted(string candidateId);

    /// <summary>A person took the beginning of the candidate.</summary>
    /// <param name="acceptedLength">UTF-16 units from the start of the inserted text.</param>
    void PartiallyAccepted(string candidateId, int acceptedLength);

    /// <summary>A document changed.</summary>
    void Edited(DocumentSnapshot document);
}
