namespace GptOss.CodeAssist.Protocol;

/// <summary>That the editor can ask the person; its details do not matter here.</summary>
public sealed record ShowMessageRequestClientCapabilities;
