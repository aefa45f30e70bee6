using System.Text.Json;

namespace GptOss.CodeAssist.Protocol;

/// <summary>The editor's settings changed.</summary>
public sealed record DidChangeConfigurationParams
{
    /// <summary>The new settings, from editors that push them; others are asked.</summary>
    public JsonElement? Settings { get; init; }
}
