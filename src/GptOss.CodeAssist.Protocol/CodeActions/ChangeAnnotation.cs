namespace GptOss.CodeAssist.Protocol;

/// <summary>What an editor shows about a group of changes.</summary>
public sealed record ChangeAnnotation
{
    public required string Label { get; init; }
    public bool? NeedsConfirmation { get; init; }
    public string? Description { get; init; }
}
