using System.Text.Json;
using System.Text.Json.Serialization;

namespace GptOss.CodeAssist.Protocol;

/// <summary>Reads and writes <c>string | integer</c>.</summary>
internal sealed class ProgressTokenConverter : JsonConverter<ProgressToken>
{
    public override ProgressToken Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String => new ProgressToken(reader.GetString()!),
        JsonTokenType.Number when reader.TryGetInt32(out var number) => new ProgressToken(number),
        _ => throw new JsonException("A progress token must be a string or an integer."),
    };

    public override void Write(Utf8JsonWriter writer, ProgressToken value, JsonSerializerOptions options)
    {
        if (value.Number is { } number)
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteStringValue(value.Text);
        }
    }
}
