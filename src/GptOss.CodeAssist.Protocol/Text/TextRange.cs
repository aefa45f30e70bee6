namespace GptOss.CodeAssist.Protocol;

/// <summary>A half-open stretch of a document.</summary>
public sealed record TextRange
{
    public required Position Start { get; init; }
    public required Position End { get; init; }
}
