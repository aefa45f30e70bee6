using System.Text.Json.Serialization;
using GptOss.CodeAssist.Inference;

namespace GptOss.CodeAssist.EngineDaemon.Contract;

/// <summary>What is sent after the handshake; <see cref="EngineFormat"/> says how.</summary>
[JsonSerializable(typeof(GenerationRequest))]
[JsonSerializable(typeof(GenerationEvent))]
[JsonSerializable(typeof(EngineStatus))]
[JsonSerializable(typeof(IByteConstraint))]
[JsonSerializable(typeof(ConstraintTable))]
[JsonSerializable(typeof(InferenceError))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(bool))]
internal sealed partial class EngineJson : JsonSerializerContext;
