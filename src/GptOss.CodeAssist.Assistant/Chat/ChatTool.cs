using System.Text.Json;
using GptOss.CodeAssist.Harmony;

namespace GptOss.CodeAssist.Assistant.Chat;

/// <summary>A function that the model may call: it reads and changes nothing.</summary>
internal sealed record ChatTool(ToolDefinition Definition, Func<JsonElement, CancellationToken, Task<string>> RunAsync);
