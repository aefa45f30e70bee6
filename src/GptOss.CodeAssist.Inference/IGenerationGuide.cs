namespace GptOss.CodeAssist.Inference;

/// <summary>Restricts an answer while it grows, for instance to the members of an expression that the answer itself just wrote.</summary>
/// <remarks>Called on the engine's decode thread between two tokens: it must answer within a few milliseconds.</remarks>
public interface IGenerationGuide
{
    /// <summary>The constraint on what follows <paramref name="answer"/>, or null where anything may follow.</summary>
    /// <param name="answer">The answer so far. Never asked while an earlier constraint is still being followed.</param>
    IByteConstraint? FindConstraint(string answer);
}
