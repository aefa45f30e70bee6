namespace GptOss.CodeAssist.Protocol;

/// <summary>News of a piece of work.</summary>
public sealed record ProgressParams
{
    public required ProgressToken Token { get; init; }
    public required WorkDoneProgress Value { get; init; }
}
