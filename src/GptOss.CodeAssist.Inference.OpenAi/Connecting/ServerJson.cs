using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace GptOss.CodeAssist.Inference.OpenAi.Connecting;

/// <summary>Requests as JSON. Servers differ too much for one record: each dialect writes its own object.</summary>
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class ServerJson : JsonSerializerContext;
