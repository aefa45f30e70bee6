namespace GptOss.CodeAssist.Protocol;

/// <summary>One section of the editor's settings.</summary>
public sealed record ConfigurationItem
{
    public required string Section { get; init; }
}
