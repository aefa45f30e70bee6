using System.Text.Json.Serialization;

namespace GptOss.CodeAssist.Models;

/// <summary>The note beside a fetched model.</summary>
[JsonSerializable(typeof(StoredModel))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class StoredModelJson : JsonSerializerContext;
