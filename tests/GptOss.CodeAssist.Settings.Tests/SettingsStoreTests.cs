using System.Text.Json;
using System.Text.Json.Nodes;
using GptOss.CodeAssist.TestSupport;
using Microsoft.Extensions.Time.Testing;

namespace GptOss.CodeAssist.Settings.Tests;

public sealed class SettingsStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();

    private string UserFile => _folder.PathOf("user", "settings.json");

    [Fact]
    public void The_command_line_wins_over_the_editor_over_the_workspace_over_the_user_over_the_program()
    {
        var store = Open("""{ "slots": 9 }""");
        Assert.Equal(12, Lines());

        Write(UserFile, """{ "completion": { "maxLines": 1 } }""");
        Assert.Equal((1, SettingsRank.UserFile), (Lines(), Rank()));

        Write(_folder.PathOf(SettingsStore.WorkspaceFile), """{ "completion": { "maxLines": 2 } }""");
        Assert.Equal((2, SettingsRank.WorkspaceFile), (Lines(), Rank()));
        Assert.Equal(1, store.For(null).Get(SettingsSchema.MaxLines));

        store.SetEditor(JsonDocument.Parse("""{ "completion": { "maxLines": 3 }, "slots": 8 }""").RootElement);
        Assert.Equal((3, SettingsRank.Editor), (Lines(), Rank()));
        Assert.Equal(9, store.For(null).Get(SettingsSchema.Slots));

        store.SetEditor(JsonDocument.Parse("{}").RootElement);
        File.Delete(_folder.PathOf(SettingsStore.WorkspaceFile));
        Assert.Equal((1, SettingsRank.UserFile), (Lines(), Rank()));

        int Lines()
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return store.For(_folder.FullName).Get(SettingsSchema.MaxLines);
        }

        SettingsRank Rank() => store.For(_folder.FullName).OriginOf(SettingsSchema.MaxLines).Rank;
    }

    [Fact]
    public void What_the_editor_says_as_text_counts_and_is_checked()
    {
        var store = Open("{}");
        store.SetEditor("""{ "slots": 8 }""");
        Assert.Equal(8, store.For(null).Get(SettingsSchema.Slots));

        store.SetEditor("{");
        Assert.Equal(SettingsSchema.Slots.Default, store.For(null).Get(SettingsSchema.Slots));
        Assert.Contains("is no JSON", Assert.Single(store.For(null).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_value_is_told_once_and_again_when_it_came_back()
    {
        var told = new List<string>();
        var store = Open("{}");
        store.ProblemFound += told.Add;
        Write(UserFile, """{ "slots": 0 }""");

        Ask();
        Ask();
        Assert.Single(told);

        Write(UserFile, """{ "slots": 10 }""");
        Ask();
        Assert.Equal(10, store.For(null).Get(SettingsSchema.Slots));
        Write(UserFile, """{ "slots": 0  }""");
        Ask();
        Assert.Equal(2, told.Count);

        void Ask()
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            store.For(null);
        }
    }

    [Fact]
    public void A_value_is_set_and_taken_out_and_the_rest_stays()
    {
        Write(UserFile, """{ "completion.maxLines": 5, "threads": 3 }""");

        SettingsFile.Set(UserFile, SettingsSchema.MaxLines, JsonValue.Create(7));
        SettingsFile.Set(UserFile, SettingsSchema.Model, JsonValue.Create("gpt-oss-20b"));
        SettingsFile.Set(UserFile, SettingsSchema.Threads, null);

        Assert.Equal("""{"completion":{"maxLines":7},"model":"gpt-oss-20b"}""", Sorted(File.ReadAllText(UserFile)));
    }

    [Fact]
    public void A_file_with_comments_is_not_written_over()
    {
        Write(UserFile, "{ /* mine */ }");

        Assert.Throws<InvalidDataException>(() => SettingsFile.Set(UserFile, SettingsSchema.Slots, JsonValue.Create(2)));
        Assert.Equal("{ /* mine */ }", File.ReadAllText(UserFile));
    }

    [Fact]
    public void The_schema_has_every_setting_with_its_default_and_knows_no_other()
    {
        var schema = JsonNode.Parse(SchemaDocument.CreateJsonSchema())!;
        var code = JsonNode.Parse(SchemaDocument.CreateVsCodeProperties())!.AsObject();

        Assert.False(schema["additionalProperties"]!.GetValue<bool>());
        Assert.Equal(SettingsSchema.All.Select(setting => "gptOss." + setting.Key), code.Select(property => property.Key));
        Assert.All(SettingsSchema.All, setting =>
        {
            var described = setting.Key.Split('.').Aggregate(schema, (node, part) => node["properties"]![part]!);
            Assert.Equal(setting.DefaultJson?.ToJsonString(), described["default"]?.ToJsonString());
            Assert.StartsWith(setting.Description, described["description"]!.GetValue<string>(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void The_settings_editor_of_VS_Code_has_a_field_for_every_setting()
    {
        var properties = JsonNode.Parse(SchemaDocument.CreateVsCodeProperties())!.AsObject();

        Assert.All(properties, property =>
        {
            var described = property.Value!;
            // What else may be null is edited as text in its settings file.
            var isField = described["type"] is JsonValue || described["enum"] is not null || described["type"]![0]!.GetValue<string>() is "integer" or "number";
            Assert.True(isField, property.Key);
            Assert.True(described.AsObject().ContainsKey("default"), property.Key);
            Assert.Equal(SettingsSchema.Find(property.Key["gptOss.".Length..])!.IsLive, described["tags"] is null);
        });
        Assert.Equal("", properties["gptOss.hub.endpoint"]!["default"]!.GetValue<string>());
    }

    public void Dispose() => _folder.Dispose();

    private static string Sorted(string json) => new JsonObject(JsonNode.Parse(json)!.AsObject().OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone()))).ToJsonString();

    private SettingsStore Open(string commandLine) => new(UserFile, SettingsLayer.Parse(commandLine, SettingsOrigin.CommandLine), _time);

    private static void Write(string path, string json)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, json);
    }
}
