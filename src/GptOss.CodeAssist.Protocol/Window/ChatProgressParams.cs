namespace GptOss.CodeAssist.Protocol;

/// <summary>A <c>$/progress</c> that carries a piece of a chat's answer.</summary>
public sealed record ChatProgressParams
{
    public required ProgressToken Token { get; init; }
    public required GptOssChatPartial Value { get; init; }
}
