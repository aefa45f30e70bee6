namespace GptOss.CodeAssist.Protocol;

/// <summary>What the editor can do in general.</summary>
public sealed record GeneralClientCapabilities
{
    /// <summary>Best first; absent means <c>utf-16</c> alone.</summary>
    public IReadOnlyList<string>? PositionEncodings { get; init; }
}
