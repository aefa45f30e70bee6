namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>What became of a candidate, as far as the editor tells.</summary>
/// <remarks>Called from any thread; must return at once and never throw. Ids that nobody knows are ignored.</remarks>
public interface ICompletionFeedback
{
    /// <summary>A person saw the candidate.</summary>
    void Shown(string candidateId);

    /// <summary>A person took the whole candidate.</summary>
    void Accepted(string candidateId);

    /// <summary>A person took the beginning of the candidate.</summary>
    /// <param name="acceptedLength">UTF-16 units from the start of the inserted text.</param>
    void PartiallyAccepted(string candidateId, int acceptedLength);
}
