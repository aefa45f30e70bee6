using GptOss.CodeAssist.Inference;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>What a model is to write an answer for.</summary>
/// <param name="Document">Names the file and its language; the text is the site's.</param>
/// <param name="Site">The caret.</param>
/// <param name="Candidates">How many different answers are wanted.</param>
/// <param name="MayReplace">Whether an answer may replace closers after the caret.</param>
/// <param name="MinConfidence">Least confidence that is shown, between 0 and 1.</param>
/// <param name="Priority">Who waits for it.</param>
/// <param name="WasAsked">Whether a person asked: then what is still to be made right may be shown too.</param>
internal sealed record AnswerOrder(DocumentSnapshot Document, CaretSite Site, int Candidates, bool MayReplace, double MinConfidence, RequestPriority Priority, bool WasAsked = false);
