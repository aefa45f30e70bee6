namespace GptOss.CodeAssist.Protocol;

/// <summary>Why an action cannot be taken now.</summary>
public sealed record CodeActionDisabled
{
    public required string Reason { get; init; }
}
