using System.Text.Json.Nodes;

namespace GptOss.CodeAssist.TestSupport.Serving;

/// <summary>What <see cref="ModelServer"/> was asked.</summary>
/// <param name="Path">With the slash at its start.</param>
/// <param name="Body">Null where none was sent.</param>
public sealed record ServedRequest(string Method, string Path, string? Authorization, JsonObject? Body)
{
    /// <summary>Completes when the client has closed the connection before the answer was whole.</summary>
    public TaskCompletionSource Left { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The prompt's token numbers; empty where it has none.</summary>
    public int[] Prompt => Body?["prompt"] is JsonArray ids ? [.. ids.Select(id => id!.GetValue<int>())] : [];
}
