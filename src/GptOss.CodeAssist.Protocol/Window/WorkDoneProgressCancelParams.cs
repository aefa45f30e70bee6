namespace GptOss.CodeAssist.Protocol;

/// <summary>The person cancelled a piece of work.</summary>
public sealed record WorkDoneProgressCancelParams
{
    public required ProgressToken Token { get; init; }
}
