namespace GptOss.CodeAssist.Protocol;

/// <summary>What an editor knows about the place, and which kinds it wants.</summary>
public sealed record CodeActionContext
{
    public required IReadOnlyList<Diagnostic> Diagnostics { get; init; }

    /// <summary>Kinds, of which the sub-kinds count too; absent wants all.</summary>
    public IReadOnlyList<string>? Only { get; init; }
}
