namespace GptOss.CodeAssist.Protocol;

/// <summary>The editor has read the server's capabilities.</summary>
public sealed record InitializedParams;
