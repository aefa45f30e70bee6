namespace GptOss.CodeAssist.Protocol;

/// <summary>How the editor deals with code actions.</summary>
public sealed record CodeActionClientCapabilities
{
    public CodeActionResolveSupport? ResolveSupport { get; init; }
    public bool? DataSupport { get; init; }
    public bool? DisabledSupport { get; init; }
}
