using System.Text.Json;
using System.Text.Json.Nodes;

namespace GptOss.CodeAssist.Settings;

/// <summary>One thing that a person may set.</summary>
/// <param name="key">Its name, with '.' between a group and a member.</param>
/// <param name="description">One sentence for the person.</param>
public abstract class Setting(string key, string description)
{
    public string Key => key;

    public string Description => description;

    public SettingScope Scope { get; init; } = SettingScope.Workspace;

    /// <summary>Whether a change counts at once; else when the server is started anew.</summary>
    public bool IsLive { get; init; } = true;

    /// <summary>What values it wants, to follow "it wants".</summary>
    public abstract string Expected { get; }

    /// <summary>The value without any other; null where none is the default.</summary>
    public abstract JsonNode? DefaultJson { get; }

    /// <summary>Null where the value is not of the setting's type.</summary>
    public abstract object? Read(JsonElement element);

    /// <summary>The value's part of a JSON Schema, without default and description.</summary>
    public abstract JsonObject DescribeType();
}

/// <summary>A setting with its type.</summary>
public sealed class Setting<T>(string key, string description, SettingType<T> type, T fallback) : Setting(key, description)
{
    /// <summary>The value where nobody says anything.</summary>
    public T Default => fallback;

    public override string Expected => type.Expected;

    public override JsonNode? DefaultJson => SettingJson.ToNode(fallback);

    public override object? Read(JsonElement element) => type.Read(element, out var value) ? value : null;

    public override JsonObject DescribeType() => type.Schema();
}
