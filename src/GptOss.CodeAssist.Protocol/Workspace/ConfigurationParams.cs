namespace GptOss.CodeAssist.Protocol;

/// <summary><c>workspace/configuration</c>: the server asks for settings.</summary>
public sealed record ConfigurationParams
{
    public required IReadOnlyList<ConfigurationItem> Items { get; init; }
}
