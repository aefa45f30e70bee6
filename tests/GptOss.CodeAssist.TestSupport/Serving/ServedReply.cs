using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace GptOss.CodeAssist.TestSupport.Serving;

/// <summary>What <see cref="ModelServer"/> answers, sent in pieces.</summary>
public sealed record ServedReply(int Status, string ContentType, ImmutableArray<string> Pieces)
{
    public ImmutableArray<string> Headers { get; init; } = [];

    /// <summary>Ends the connection in the middle of the answer, after the pieces.</summary>
    public bool Drops { get; init; }

    /// <summary>Says nothing more after the pieces, until the client leaves.</summary>
    public bool GoesSilent { get; init; }

    public static ServedReply Json(JsonNode body, int status = 200) => new(status, "application/json", [body.ToJsonString()]);

    /// <summary>A stream of events.</summary>
    public static ServedReply Events(params IEnumerable<JsonNode> events) => new(200, "text/event-stream", [.. events.Select(data => $"data: {data.ToJsonString()}\n\n")]);

    public static ServedReply Refuse(int status, string message, params ImmutableArray<string> headers) =>
        Json(new JsonObject { ["error"] = new JsonObject { ["message"] = message } }, status) with { Headers = headers };
}
