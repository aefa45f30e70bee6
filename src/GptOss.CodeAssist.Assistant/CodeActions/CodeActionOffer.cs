namespace GptOss.CodeAssist.Assistant.CodeActions;

/// <summary>Something that can be done here; nothing has been computed for it.</summary>
/// <param name="Title">For a menu.</param>
/// <param name="Problem">What <see cref="CodeActionKind.Fix"/> is to fix; null for the other kinds, and where it is found out when the action is chosen.</param>
public sealed record CodeActionOffer(CodeActionKind Kind, string Title, CodeProblem? Problem = null);
