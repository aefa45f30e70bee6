namespace GptOss.CodeAssist.Protocol;

/// <summary>The commands that the server runs.</summary>
public sealed record ExecuteCommandOptions
{
    public required IReadOnlyList<string> Commands { get; init; }
}
