using System.Text.Json;

namespace GptOss.CodeAssist.Protocol;

/// <summary>What the editor can do; only what this server asks about.</summary>
public sealed record ClientCapabilities
{
    public WorkspaceClientCapabilities? Workspace { get; init; }
    public WindowClientCapabilities? Window { get; init; }
    public TextDocumentClientCapabilities? TextDocument { get; init; }
    public GeneralClientCapabilities? General { get; init; }

    /// <summary>Holds <c>gptOss.statusNotification</c>; the rest belongs to others.</summary>
    public JsonElement? Experimental { get; init; }
}
