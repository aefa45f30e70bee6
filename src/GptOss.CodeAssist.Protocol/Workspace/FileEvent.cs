namespace GptOss.CodeAssist.Protocol;

/// <summary>One file that changed on disk.</summary>
public sealed record FileEvent
{
    public required string Uri { get; init; }

    /// <summary>1 made, 2 changed, 3 deleted. The disk itself says which, so nothing depends on it.</summary>
    public int Type { get; init; }
}
