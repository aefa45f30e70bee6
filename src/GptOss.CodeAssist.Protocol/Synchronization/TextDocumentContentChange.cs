using System.Text.Json.Serialization;

namespace GptOss.CodeAssist.Protocol;

/// <summary>One replacement.</summary>
public sealed record TextDocumentContentChange
{
    /// <summary>What is replaced; null means the whole document.</summary>
    public TextRange? Range { get; init; }

    [JsonConverter(typeof(DocumentTextConverter))]
    public required string Text { get; init; }
}
