using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GptOss.CodeAssist.Settings;

namespace GptOss.CodeAssist.Tidy.Tests;

/// <summary>The extension for VS Code knows the program's settings.</summary>
public sealed partial class VsCodeManifestTests
{
    private const string Manifest = "editor-clients/vscode/package.json";

    private static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>UPDATE_EXPECT=1 writes them anew.</summary>
    [Fact]
    public void The_manifest_has_every_setting_of_the_program_as_the_schema_describes_it()
    {
        var settings = JsonNode.Parse(SchemaDocument.CreateVsCodeProperties())!.AsObject();
        if (Environment.GetEnvironmentVariable("UPDATE_EXPECT") == "1")
        {
            // One line each, among lines that people write.
            var lines = settings.Select(setting => $"          \"{setting.Key}\": {setting.Value!.ToJsonString(OneLine)}");
            var text = Generated().Replace(Repository.Read(Manifest), match => $"{match.Groups["before"].Value}{string.Join(",\n", lines)}{match.Groups["after"].Value}");
            File.WriteAllText(Path.Combine(Repository.Root, Manifest), text);
        }

        var sections = JsonNode.Parse(Repository.Read(Manifest))!["contributes"]!["configuration"]!.AsArray();
        var section = sections.Single(section => section!["id"]?.GetValue<string>() == "gptOss.program")!;
        Assert.True(
            JsonNode.DeepEquals(settings, section["properties"]),
            "The settings changed: UPDATE_EXPECT=1 dotnet test --project tests/GptOss.CodeAssist.Tidy.Tests brings editor-clients/vscode/package.json up to date.");
    }

    [GeneratedRegex("(?<before>\"id\": \"gptOss\\.program\",\\s+\"title\": \"[^\"]*\",\\s+\"properties\": \\{\\s*?\n)(?<lines>.*?)(?<after>\n {8}\\})", RegexOptions.Singleline)]
    private static partial Regex Generated();
}
