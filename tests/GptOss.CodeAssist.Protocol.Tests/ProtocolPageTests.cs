using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace GptOss.CodeAssist.Protocol.Tests;

/// <summary>editor-clients/PROTOCOL.md tells the truth about our own messages.</summary>
public sealed partial class ProtocolPageTests
{
    private static readonly string Root = typeof(ProtocolPageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "RepositoryRoot").Value!;

    private static readonly string Page = File.ReadAllText(Path.Combine(Root, "editor-clients", "PROTOCOL.md")).ReplaceLineEndings("\n");

    private static readonly string[] RecordFiles = [.. Directory.GetFiles(Path.Combine(Root, "src", "GptOss.CodeAssist.Protocol", "GptOss"), "*.cs").Order(StringComparer.Ordinal)];

    /// <summary>Changing a record makes this fail until somebody has looked at the page and put the new hash in it.</summary>
    [Fact]
    public void The_page_was_looked_at_since_the_records_changed()
    {
        var records = string.Concat(RecordFiles.Select(file => File.ReadAllText(file).ReplaceLineEndings("\n")));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(records)))[..16];

        Assert.True(Page.Contains($"\nhash: {hash}\n", StringComparison.Ordinal), $"The records changed. Bring editor-clients/PROTOCOL.md up to date, then write 'hash: {hash}' in it.");
    }

    [Fact]
    public void Every_record_has_its_members_and_an_example_on_the_page()
    {
        Assert.NotEmpty(RecordFiles);
        foreach (var type in RecordFiles.Select(RecordType))
        {
            Assert.Contains($"`{type.Name}`", Page, StringComparison.Ordinal);
            Assert.All(Members(type), member => Assert.Contains($"\n| `{member}` | ", Page, StringComparison.Ordinal));
            Assert.True(Page.Contains($"```json {type.Name}\n", StringComparison.Ordinal) || type == typeof(GptOssEmptyAnswer), $"{type.Name} has no example of its own.");
        }
    }

    [Fact]
    public void Every_example_is_a_message_that_can_be_sent()
    {
        var examples = Example().Matches(Page);
        Assert.NotEmpty(examples);
        foreach (Match example in examples)
        {
            var type = typeof(ProtocolJson).Assembly.GetType($"GptOss.CodeAssist.Protocol.{example.Groups["type"].Value}", throwOnError: true)!;
            var json = example.Groups["json"].Value;
            var value = JsonSerializer.Deserialize(json, type, ProtocolJson.Default);
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(JsonSerializer.Serialize(value, type, ProtocolJson.Default))), json);
        }
    }

    /// <summary>Methods are named in the server's sources and nowhere else; what is no method is registered under a name of ours.</summary>
    [Fact]
    public void Every_method_that_the_server_hears_or_sends_is_on_the_page()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Root, "src", "GptOss.CodeAssist.Server"), "*.cs", SearchOption.AllDirectories).Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
        var methods = sources.SelectMany(file => Method().Matches(File.ReadAllText(file))).Select(match => match.Groups["name"].Value).Except(["gptOss/configuration", "gptOss/watchedFiles"]).Distinct().ToArray();

        Assert.Contains("gptOss/chat", methods);
        Assert.Contains("workspace/applyEdit", methods);
        Assert.All(methods, method => Assert.Contains($"`{method}`", Page, StringComparison.Ordinal));
    }

    private static Type RecordType(string file) => typeof(ProtocolJson).Assembly.GetType($"GptOss.CodeAssist.Protocol.{Path.GetFileNameWithoutExtension(file)}", throwOnError: true)!;

    private static IEnumerable<string> Members(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name));

    [GeneratedRegex("\"(?<name>(?:[$]|client|codeAction|gptOss|textDocument|window|workspace)(?:/\\w+)+)\"")]
    private static partial Regex Method();

    [GeneratedRegex("```json (?<type>\\w+)\n(?<json>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
