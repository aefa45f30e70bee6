using System.Text.Json;
using System.Text.Json.Serialization;

namespace GptOss.CodeAssist.Protocol;

/// <summary>Writes <c>null</c>.</summary>
internal sealed class NoResultConverter : JsonConverter<NoResult>
{
    public override bool HandleNull => true;

    public override NoResult Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        reader.Skip();
        return NoResult.Instance;
    }

    public override void Write(Utf8JsonWriter writer, NoResult value, JsonSerializerOptions options) => writer.WriteNullValue();
}
