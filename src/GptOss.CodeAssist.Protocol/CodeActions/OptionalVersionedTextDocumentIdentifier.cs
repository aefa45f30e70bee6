using System.Text.Json.Serialization;

namespace GptOss.CodeAssist.Protocol;

/// <summary>A document at a version; no version means its file on disk.</summary>
public sealed record OptionalVersionedTextDocumentIdentifier
{
    public required string Uri { get; init; }

    /// <summary>Written as null too: the specification requires the member.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required int? Version { get; init; }
}
