using System.Text.Json;

namespace GptOss.CodeAssist.Protocol;

/// <summary>Runs one of the server's commands.</summary>
public sealed record ExecuteCommandParams
{
    public required string Command { get; init; }
    public IReadOnlyList<JsonElement>? Arguments { get; init; }
    public ProgressToken? WorkDoneToken { get; init; }
}
