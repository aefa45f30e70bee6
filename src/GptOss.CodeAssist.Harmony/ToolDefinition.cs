using System.Text.Json;

namespace GptOss.CodeAssist.Harmony;

/// <summary>A function the model may call.</summary>
/// <param name="Name">Without its namespace.</param>
/// <param name="Description">What it does, one or several lines.</param>
/// <param name="Parameters">A JSON schema of the one argument, an object; null where it takes none.</param>
public sealed record ToolDefinition(string Name, string Description, JsonElement? Parameters);
