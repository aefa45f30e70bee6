using System.Text.Json;
using System.Text.Json.Nodes;

namespace GptOss.CodeAssist.Settings;

/// <summary>Changes a settings file for a person who asked for it on the command line.</summary>
public static class SettingsFile
{
    /// <summary>Sets a value, or with null takes it out. Everything else in the file stays.</summary>
    /// <exception cref="InvalidDataException">The file is no JSON object, or has comments, which would be lost; the message says what to do.</exception>
    public static void Set(string path, Setting setting, JsonNode? value)
    {
        var root = Read(path);
        var parts = setting.Key.Split('.');
        root.Remove(setting.Key);
        var parent = root;
        foreach (var group in parts[..^1])
        {
            if (parent[group] is not JsonObject inner)
            {
                parent[group] = inner = [];
            }

            parent = inner;
        }

        parent.Remove(parts[^1]);
        if (value is not null)
        {
            parent[parts[^1]] = value.DeepClone();
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = $"{path}.{Environment.ProcessId}";
        File.WriteAllText(temporary, root.ToJsonString(SettingJson.WriteOptions) + "\n");
        File.Move(temporary, path, overwrite: true);
    }

    private static JsonObject Read(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        try
        {
            // Strict: a comment would be lost by writing the file anew.
            return JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new InvalidDataException($"{path} holds no JSON object; correct it, or delete it.");
        }
        catch (JsonException)
        {
            throw new InvalidDataException($"{path} has comments or is no JSON, so that it cannot be changed without losing something; change it in an editor.");
        }
    }
}
