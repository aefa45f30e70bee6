using System.Text.Json;
using System.Text.Json.Serialization;

namespace GptOss.CodeAssist.Protocol;

/// <summary>A command that the server runs when the editor asks for it.</summary>
public sealed record Command
{
    public required string Title { get; init; }

    /// <summary>Sent as <c>command</c>; the name for <c>workspace/executeCommand</c>.</summary>
    [JsonPropertyName("command")]
    public required string Name { get; init; }

    public IReadOnlyList<JsonElement>? Arguments { get; init; }
}
