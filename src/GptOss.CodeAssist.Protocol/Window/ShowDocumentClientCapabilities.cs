namespace GptOss.CodeAssist.Protocol;

/// <summary>Whether the editor shows documents on request.</summary>
public sealed record ShowDocumentClientCapabilities
{
    public bool? Support { get; init; }
}
