using System.Text.Json.Nodes;

namespace GptOss.CodeAssist.Settings;

/// <summary>The schema as other programs read it.</summary>
public static class SchemaDocument
{
    /// <summary>A JSON Schema of the settings files, for editors that check them.</summary>
    public static string CreateJsonSchema()
    {
        var root = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "gptoss-codeassist settings",
            ["type"] = "object",
            ["properties"] = new JsonObject { ["$schema"] = new JsonObject { ["type"] = "string" } },
            ["additionalProperties"] = false,
        };
        foreach (var setting in SettingsSchema.All)
        {
            var parts = setting.Key.Split('.');
            var parent = (JsonObject)root["properties"]!;
            foreach (var group in parts[..^1])
            {
                parent[group] ??= new JsonObject { ["type"] = "object", ["properties"] = new JsonObject(), ["additionalProperties"] = false };
                parent = (JsonObject)parent[group]!["properties"]!;
            }

            var described = Describe(setting);
            described["default"] = setting.DefaultJson;
            parent[parts[^1]] = described;
        }

        return root.ToJsonString(SettingJson.WriteOptions);
    }

    /// <summary>
    /// The <c>contributes.configuration.properties</c> of a VS Code extension.
    /// Every default is null, which stands for "not set": VS Code sends defaults like values, and they would hide the user's and the workspace's own files.
    /// </summary>
    public static string CreateVsCodeProperties()
    {
        var properties = new JsonObject();
        foreach (var setting in SettingsSchema.All)
        {
            var described = Describe(setting);
            described["description"] = $"{setting.Description}{(setting.DefaultJson is { } value ? $" Default: {value.ToJsonString()}." : "")}";
            described["default"] = null;
            described["scope"] = setting.Scope == SettingScope.User ? "machine" : "resource";
            properties[$"gptOss.{setting.Key}"] = described;
        }

        return properties.ToJsonString(SettingJson.WriteOptions);
    }

    private static JsonObject Describe(Setting setting)
    {
        var described = setting.DescribeType();
        described["type"] = new JsonArray(described["type"]!.DeepClone(), "null");
        if (described["enum"] is JsonArray choices)
        {
            choices.Add((JsonNode?)null);
        }

        described["description"] = $"{setting.Description}{(setting.IsLive ? "" : " Counts when the server is started anew.")}{(setting.Scope == SettingScope.User ? " Not from a workspace's file." : "")}";
        return described;
    }
}
