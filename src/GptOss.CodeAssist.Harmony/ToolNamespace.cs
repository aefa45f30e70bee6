using System.Collections.Immutable;

namespace GptOss.CodeAssist.Harmony;

/// <summary>A group of tools under one name; calls are addressed to <c>name.tool</c>.</summary>
/// <param name="Description">What the group is for; null for none. A group without tools is its description (python).</param>
public sealed record ToolNamespace(string Name, string? Description, ImmutableArray<ToolDefinition> Tools)
{
    /// <summary>The name the model was trained to expect a developer's functions under.</summary>
    public const string Functions = "functions";
}
