namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>Related code as a prompt tells it.</summary>
/// <param name="Text">An item a line; empty for none.</param>
/// <param name="Tokens">What it costs, at most.</param>
internal sealed record RelatedContext(string Text, int Tokens)
{
    public static readonly RelatedContext None = new("", 0);
}
