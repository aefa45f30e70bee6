namespace GptOss.CodeAssist.TestSupport.Serving;

/// <summary>One token of a scripted answer.</summary>
/// <param name="Text">An ordinary token's text, or a special token's name.</param>
public sealed record ServedPiece(string Text, bool IsSpecial)
{
    public static ServedPiece Special(string name) => new(name, true);

    public static implicit operator ServedPiece(string text) => new(text, false);
}
