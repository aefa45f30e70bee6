using System.Collections.Immutable;

namespace GptOss.CodeAssist.Settings;

/// <summary>The settings at one moment: of several places, the one with the highest rank counts.</summary>
public sealed class SettingsSnapshot
{
    private readonly ImmutableArray<SettingsLayer> _layers;

    public SettingsSnapshot(params IEnumerable<SettingsLayer> layers) => _layers = [.. layers.OrderByDescending(layer => (int)layer.Origin.Rank)];

    /// <summary>Only what is built in.</summary>
    public static SettingsSnapshot Defaults { get; } = new([]);

    /// <summary>A sentence about every value that does not count.</summary>
    public IEnumerable<string> Problems => _layers.Reverse().SelectMany(layer => layer.Problems);

    public T Get<T>(Setting<T> setting) => Find(setting) is { } layer ? (T)layer.Values[setting.Key] : setting.Default;

    /// <summary>The value, as JSON has it.</summary>
    public System.Text.Json.Nodes.JsonNode? GetJson(Setting setting) => Find(setting) is { } layer ? SettingJson.ToNode(layer.Values[setting.Key]) : setting.DefaultJson;

    /// <summary>Where the value comes from.</summary>
    public SettingsOrigin OriginOf(Setting setting) => Find(setting)?.Origin ?? SettingsOrigin.BuiltIn;

    private SettingsLayer? Find(Setting setting) => _layers.FirstOrDefault(layer => layer.Values.ContainsKey(setting.Key));
}
