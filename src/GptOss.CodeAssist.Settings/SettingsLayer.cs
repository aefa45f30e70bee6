using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GptOss.CodeAssist.Settings;

/// <summary>The settings of one place, checked: good values, and a sentence about each that is not.</summary>
/// <param name="Values">Values by the setting's key.</param>
/// <param name="Problems">Sentences for a person, each with key, value and place.</param>
public sealed record SettingsLayer(SettingsOrigin Origin, IReadOnlyDictionary<string, object> Values, ImmutableArray<string> Problems)
{
    public static SettingsLayer Empty(SettingsOrigin origin, params ImmutableArray<string> problems) => new(origin, ReadOnlyDictionary<string, object>.Empty, problems);

    /// <summary>Reads a place's text.</summary>
    public static SettingsLayer Parse(string json, SettingsOrigin origin)
    {
        try
        {
            using var document = JsonDocument.Parse(json, SettingJson.ReadOptions);
            return Read(document.RootElement, origin);
        }
        catch (JsonException exception)
        {
            return Empty(origin, $"{origin.Name} is no JSON (line {exception.LineNumber + 1}, column {exception.BytePositionInLine + 1}); none of its settings count.");
        }
    }

    /// <summary>Reads one setting as a person writes it on a command line: JSON, and what is no JSON is text, because nobody wants to quote for a shell.</summary>
    public static SettingsLayer ReadOne(string key, string value, SettingsOrigin origin) =>
        Parse(new JsonObject { [key] = ParseValue(value) }.ToJsonString(), origin);

    /// <summary>The value that a person wrote on a command line.</summary>
    public static JsonNode? ParseValue(string value)
    {
        try
        {
            return JsonNode.Parse(value);
        }
        catch (JsonException)
        {
            return JsonValue.Create(value);
        }
    }

    /// <summary>Reads settings in groups (<c>{"completion":{"maxLines":3}}</c>) or with dots (<c>{"completion.maxLines":3}</c>). A null says nothing, and neither does an empty text, which is how some editors say it.</summary>
    public static SettingsLayer Read(JsonElement root, SettingsOrigin origin)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return root.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined
                ? Empty(origin)
                : Empty(origin, $"{origin.Name} holds {Shorten(root.GetRawText())}, where it wants an object; none of its settings count.");
        }

        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        var problems = ImmutableArray.CreateBuilder<string>();
        Read("", root);
        return new SettingsLayer(origin, values, problems.ToImmutable());

        void Read(string prefix, JsonElement group)
        {
            foreach (var member in group.EnumerateObject())
            {
                if (!SaysNothing(member.Value))
                {
                    ReadOne(prefix + member.Name, member.Value);
                }
            }
        }

        void ReadOne(string key, JsonElement value)
        {
            if (SettingsSchema.Find(key) is not { } setting)
            {
                if (value.ValueKind == JsonValueKind.Object && SettingsSchema.All.Any(known => known.Key.StartsWith(key + ".", StringComparison.Ordinal)))
                {
                    Read(key + ".", value);
                }
                else if (key != "$schema" && Suggest(key) is var near && (near.Length > 0 || origin.Rank != SettingsRank.Editor))
                {
                    // An editor's client keeps settings of its own in the same section: there only what looks like a slip is one.
                    problems.Add($"{key} in {origin.Name} is no setting{near}; it does not count.");
                }
            }
            else if (origin.Rank == SettingsRank.WorkspaceFile && setting.Scope == SettingScope.User)
            {
                problems.Add($"{key} in {origin.Name} does not count: a workspace may not decide it. Set it in your own settings file.");
            }
            else if (setting.Read(value) is { } read)
            {
                values[key] = read;
            }
            else
            {
                problems.Add($"{key} is {Shorten(value.GetRawText())} in {origin.Name}, where it wants {setting.Expected}; it does not count.");
            }
        }
    }

    private static bool SaysNothing(JsonElement value) => value.ValueKind == JsonValueKind.Null || (value.ValueKind == JsonValueKind.String && value.ValueEquals(""));

    /// <summary>A setting that may be meant, in brackets and after a blank; empty where none is near.</summary>
    public static string Suggest(string key)
    {
        var (near, distance) = SettingsSchema.All.Select(setting => (setting.Key, Distance(key.ToUpperInvariant(), setting.Key.ToUpperInvariant()))).MinBy(pair => pair.Item2);
        return distance <= Math.Max(2, key.Length / 4) ? $" (is {near} meant?)" : "";
    }

    /// <summary>Levenshtein's distance.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }

    private static string Shorten(string json) => json.Length <= 60 ? json : $"{json[..57]}...";
}
