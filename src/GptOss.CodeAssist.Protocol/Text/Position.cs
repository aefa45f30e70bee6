namespace GptOss.CodeAssist.Protocol;

/// <summary>A place between two characters.</summary>
public sealed record Position
{
    /// <summary>Zero-based.</summary>
    public required int Line { get; init; }

    /// <summary>Zero-based, in UTF-16 units; beyond the line's end it means the line's end.</summary>
    public required int Character { get; init; }
}
