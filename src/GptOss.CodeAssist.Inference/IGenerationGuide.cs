namespace GptOss.CodeAssist.Inference;

/// <summary>Restricts an answer while it grows, for instance to the members of an expression that the answer itself just wrote.</summary>
/// <remarks>
/// Asked when the model is about to begin a word (letters, digits, underscores), and once at the start of the answer, where a word may have
/// begun in the prompt: at most a few times a token, and never inside a word. The model's own choice stands where the constraint allows it, so that guidance costs
/// nothing where the model is right. Called on the engine's decode thread: it must answer within a few milliseconds.
/// </remarks>
public interface IGenerationGuide
{
    /// <summary>The constraint on what follows <paramref name="answer"/>, or null where anything may follow.</summary>
    /// <param name="answer">The answer so far, with what of the next token stands before the word.</param>
    IByteConstraint? FindConstraint(string answer);
}
