namespace GptOss.CodeAssist.Protocol;

/// <summary>Asks the editor to make room for a piece of work's progress.</summary>
public sealed record WorkDoneProgressCreateParams
{
    public required ProgressToken Token { get; init; }
}
