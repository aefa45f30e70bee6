namespace GptOss.CodeAssist.Protocol;

/// <summary>Several folders at once, and word of their changes.</summary>
public sealed record WorkspaceFoldersServerCapabilities
{
    public bool? Supported { get; init; }
    public bool? ChangeNotifications { get; init; }
}
