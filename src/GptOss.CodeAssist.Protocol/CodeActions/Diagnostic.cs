using System.Text.Json;

namespace GptOss.CodeAssist.Protocol;

/// <summary>A problem in a document, from any server.</summary>
public sealed record Diagnostic
{
    public required TextRange Range { get; init; }

    /// <summary>1 error, 2 warning, 3 information, 4 hint.</summary>
    public int? Severity { get; init; }

    /// <summary><c>integer | string</c>.</summary>
    public JsonElement? Code { get; init; }
    public string? Source { get; init; }
    public required string Message { get; init; }
}
