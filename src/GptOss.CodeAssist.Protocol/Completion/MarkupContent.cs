namespace GptOss.CodeAssist.Protocol;

/// <summary>Text that an editor renders.</summary>
public sealed record MarkupContent
{
    /// <summary><c>markdown</c> or <c>plaintext</c>.</summary>
    public required string Kind { get; init; }
    public required string Value { get; init; }
}
