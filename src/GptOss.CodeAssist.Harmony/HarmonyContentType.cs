namespace GptOss.CodeAssist.Harmony;

/// <summary>The type of a message's content, as its header names it.</summary>
/// <param name="Name">For instance <c>json</c> or <c>code</c>.</param>
/// <param name="Constrained">Whether <c>&lt;|constrain|&gt;</c> stands before it.</param>
public sealed record HarmonyContentType(string Name, bool Constrained)
{
    /// <summary><c>&lt;|constrain|&gt;json</c>, the arguments of a function call.</summary>
    public static HarmonyContentType ConstrainedJson { get; } = new("json", Constrained: true);
}
