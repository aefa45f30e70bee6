using System.Text.Json.Serialization;

namespace GptOss.CodeAssist.EngineDaemon.Contract;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(EngineHello))]
[JsonSerializable(typeof(EngineWelcome))]
internal sealed partial class HandshakeJson : JsonSerializerContext;
