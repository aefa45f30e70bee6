using System.Text.Json;
using GptOss.CodeAssist.Protocol;

namespace GptOss.CodeAssist.Server;

/// <summary>What the editor is and can do, resolved once.</summary>
/// <param name="Name">For the log.</param>
/// <param name="ProcessId">Null when the editor did not say.</param>
/// <param name="WorkDoneProgress">It shows progress that the server starts.</param>
/// <param name="StatusNotification">It wants <c>gptOss/didChangeStatus</c>.</param>
internal sealed record ClientProfile(string Name, int? ProcessId, bool WorkDoneProgress, bool StatusNotification)
{
    public static ClientProfile Unknown { get; } = new("unknown", null, false, false);

    public static ClientProfile Resolve(InitializeParams parameters) => new(
        parameters.ClientInfo is { } client ? $"{client.Name} {client.Version}".TrimEnd() : Unknown.Name,
        parameters.ProcessId,
        parameters.Capabilities?.Window?.WorkDoneProgress ?? false,
        WantsStatusNotification(parameters.Capabilities?.Experimental));

    private static bool WantsStatusNotification(JsonElement? experimental) =>
        experimental is { ValueKind: JsonValueKind.Object } members
        && members.TryGetProperty("gptOss", out var ours) && ours.ValueKind == JsonValueKind.Object
        && ours.TryGetProperty("statusNotification", out var wanted) && wanted.ValueKind == JsonValueKind.True;
}
