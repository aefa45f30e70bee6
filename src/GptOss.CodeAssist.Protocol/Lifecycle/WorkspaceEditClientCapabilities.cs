using System.Text.Json;

namespace GptOss.CodeAssist.Protocol;

/// <summary>Which shapes of edits the editor understands.</summary>
public sealed record WorkspaceEditClientCapabilities
{
    public bool? DocumentChanges { get; init; }

    /// <summary>For instance <c>create</c>.</summary>
    public IReadOnlyList<string>? ResourceOperations { get; init; }

    /// <summary>Present where annotations are understood.</summary>
    public JsonElement? ChangeAnnotationSupport { get; init; }
}
