using System.Text.Json;
using System.Text.Json.Serialization;
using GptOss.CodeAssist.Inference;

namespace GptOss.CodeAssist.EngineDaemon.Contract;

/// <summary>Sends any constraint as the table of its automaton, so that the engine needs to know no kind of constraint.</summary>
internal sealed class ConstraintConverter : JsonConverter<IByteConstraint>
{
    public override IByteConstraint? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new ConstraintTable(reader.GetBytesFromBase64());

    public override void Write(Utf8JsonWriter writer, IByteConstraint value, JsonSerializerOptions options) =>
        writer.WriteBase64StringValue(ConstraintTable.Of(value).Bytes.Span);
}
