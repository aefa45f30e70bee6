using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Assistant.Completion.Habits;

/// <summary>A candidate that goes to an editor.</summary>
/// <param name="CandidateId">Its name in the editor's feedback.</param>
/// <param name="Document">The document as it was when it was offered.</param>
/// <param name="Span">What it would replace.</param>
/// <param name="Text">What it would insert.</param>
/// <param name="Model">The model's name.</param>
/// <param name="IsAlternative">Whether a better one was offered with it.</param>
public sealed record CompletionOffer(string CandidateId, DocumentSnapshot Document, TextSpan Span, string Text, string Model, bool IsAlternative);
