using System.Text.Json;
using System.Text.Json.Serialization;

namespace GptOss.CodeAssist.Protocol;

/// <summary>Reads and writes <c>string | StringValue</c>, where <c>StringValue</c> is <c>{"kind":"snippet","value":...}</c>.</summary>
internal sealed class InsertTextConverter : JsonConverter<InsertText>
{
    public override InsertText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return new InsertText(reader.GetString()!);
        }

        using var value = JsonDocument.ParseValue(ref reader);
        return value.RootElement is { ValueKind: JsonValueKind.Object } root
            && root.TryGetProperty("kind", out var kind) && kind.ValueKind == JsonValueKind.String && kind.ValueEquals("snippet")
            && root.TryGetProperty("value", out var text) && text.ValueKind == JsonValueKind.String
                ? new InsertText(text.GetString()!, IsSnippet: true)
                : throw new JsonException("insertText must be a string or a StringValue of kind 'snippet'.");
    }

    public override void Write(Utf8JsonWriter writer, InsertText value, JsonSerializerOptions options)
    {
        if (!value.IsSnippet)
        {
            writer.WriteStringValue(value.Value);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("kind", "snippet");
        writer.WriteString("value", value.Value);
        writer.WriteEndObject();
    }
}
