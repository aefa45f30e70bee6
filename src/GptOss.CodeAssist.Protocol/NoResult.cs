using System.Text.Json.Serialization;

namespace GptOss.CodeAssist.Protocol;

/// <summary>A result that is <c>null</c>.</summary>
[JsonConverter(typeof(NoResultConverter))]
public sealed record NoResult
{
    public static NoResult Instance { get; } = new();
}
