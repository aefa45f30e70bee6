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
    /// The <c>contributes.configuration.properties</c> of a VS Code extension, in forms that its settings editor has fields for.
    /// The extension hands on what a person has set and none of these defaults: they would hide the user's and the workspace's own files.
    /// </summary>
    public static string CreateVsCodeProperties()
    {
        var properties = new JsonObject();
        foreach (var setting in SettingsSchema.All)
        {
            properties[$"gptOss.{setting.Key}"] = DescribeForVsCode(setting);
        }

        return properties.ToJsonString(SettingJson.WriteOptions);
    }

    private static JsonObject DescribeForVsCode(Setting setting)
    {
        var described = setting.DescribeType();
        var type = described["type"]!.GetValue<string>();
        if (type == "string" && described["enum"] is null)
        {
            // Emptied, a field is "not set".
            described.Remove("minLength");
            described["default"] = setting.DefaultJson ?? "";
        }
        else
        {
            if (setting.DefaultJson is null)
            {
                described["type"] = new JsonArray(type, "null");
                if (type == "boolean")
                {
                    described["enum"] = new JsonArray(null, true, false);
                }
            }

            described["default"] = setting.DefaultJson;
        }

        described["markdownDescription"] = setting.Description;
        described["scope"] = setting.Scope == SettingScope.User ? "machine" : "resource";
        if (!setting.IsLive)
        {
            described["tags"] = new JsonArray("restart");
        }

        return described;
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
