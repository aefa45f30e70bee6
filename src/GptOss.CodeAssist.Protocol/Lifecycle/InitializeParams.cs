using System.Text.Json;

namespace GptOss.CodeAssist.Protocol;

/// <summary>The editor introduces itself.</summary>
public sealed record InitializeParams
{
    /// <summary>The editor's process; null when it was not started by one.</summary>
    public int? ProcessId { get; init; }

    public ClientInfo? ClientInfo { get; init; }
    public string? RootUri { get; init; }
    public string? RootPath { get; init; }

    /// <summary>Settings given at start; their shape is the server's.</summary>
    public JsonElement? InitializationOptions { get; init; }

    /// <summary>Required by the specification; null is read as none, because editors forget it.</summary>
    public ClientCapabilities? Capabilities { get; init; }

    public IReadOnlyList<WorkspaceFolder>? WorkspaceFolders { get; init; }
}
