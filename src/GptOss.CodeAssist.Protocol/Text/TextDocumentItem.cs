using System.Text.Json.Serialization;

namespace GptOss.CodeAssist.Protocol;

/// <summary>A document that the editor hands over.</summary>
public sealed record TextDocumentItem
{
    public required string Uri { get; init; }
    public required string LanguageId { get; init; }
    public required int Version { get; init; }

    [JsonConverter(typeof(DocumentTextConverter))]
    public required string Text { get; init; }
}
