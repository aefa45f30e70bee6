using System.Text.Json;

namespace GptOss.CodeAssist.Harmony;

/// <summary>A shape that an answer should have, by JSON schema.</summary>
/// <param name="Description">One line of context for the model; null for none.</param>
public sealed record ResponseFormat(string Name, string? Description, JsonElement Schema);
