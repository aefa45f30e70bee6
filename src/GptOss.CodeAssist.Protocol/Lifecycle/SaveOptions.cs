namespace GptOss.CodeAssist.Protocol;

/// <summary>Whether a save carries the text.</summary>
public sealed record SaveOptions
{
    public bool? IncludeText { get; init; }
}
