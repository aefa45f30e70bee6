using System.Runtime.CompilerServices;
using System.Text;
using Fluid;
using GptOss.CodeAssist.Assistant.Prompts;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.Assistant.Tests.Prompts;

public sealed class PromptLibraryTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("prompts");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Every_prompt_file_is_known_and_every_known_prompt_is_a_file()
    {
        var embedded = typeof(PromptLibrary).Assembly.GetManifestResourceNames().Where(name => name.StartsWith("prompts/", StringComparison.Ordinal));

        Assert.Equal(PromptNames.All.Keys.Select(name => $"prompts/{name}.md").Order(StringComparer.Ordinal), embedded.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_prompt_renders_as_its_snapshot_with_and_without_values()
    {
        var text = new StringBuilder();
        foreach (var (name, placeholders) in PromptNames.All)
        {
            var prompt = PromptLibrary.BuiltInOnly.Get(name);
            text.Append($"=== {name}: {prompt.Role}, {prompt.Effort}, {prompt.MaxTokens} tokens, temperature {FormattableString.Invariant($"{prompt.Temperature}")}\n");
            text.Append(prompt.Render(placeholders.ToDictionary(placeholder => placeholder, string? (placeholder) => $"[{placeholder}]"))).Append('\n');
            if (!prompt.Optional.IsEmpty)
            {
                text.Append("--- only what is needed\n");
                text.Append(prompt.Render(placeholders.ToDictionary(key => key, key => prompt.Optional.Contains(key) ? null : $"[{key}]"))).Append('\n');
            }
        }

        CheckSnapshot(text.ToString());
    }

    [Fact]
    public void Every_placeholder_of_the_table_is_used_somewhere()
    {
        var used = PromptNames.All.Keys.SelectMany(name => PromptLibrary.BuiltInOnly.Get(name).Placeholders).ToHashSet();

        Assert.Empty(PromptNames.All.Values.SelectMany(names => names).Except(used));
    }

    [Fact]
    public void Values_are_never_read_as_templates()
    {
        var rendered = PromptLibrary.BuiltInOnly.Get(PromptNames.ChatQuestion)
            .Render(new Dictionary<string, string?> { ["references"] = null, ["message"] = "{{ message }} <b> & {% if %} <|end|>" });

        Assert.Equal("{{ message }} <b> & {% if %} <|end|>", rendered);
    }

    [Fact]
    public void A_later_folders_file_wins_and_is_read_again_each_time()
    {
        var user = _folder.CreateSubdirectory("user").FullName;
        var workspace = _folder.CreateSubdirectory("workspace").FullName;
        var library = new PromptLibrary(() => [user, workspace], NullLogger.Instance);
        File.WriteAllText(Path.Combine(user, "rewrite.md"), "---\nrole: developer\n---\nfrom the user");
        Assert.Equal("from the user", Rendered());

        File.WriteAllText(Path.Combine(workspace, "rewrite.md"), "---\r\nrole: developer\r\nmax_tokens: 7\r\nstops: a b\r\n---\r\nfrom the workspace\r\n");
        Assert.Equal("from the workspace", Rendered());
        Assert.Equal(7, library.Get(PromptNames.Rewrite).MaxTokens);
        Assert.Equal(["a", "b"], library.Get(PromptNames.Rewrite).Stops);

        string Rendered() => library.Get(PromptNames.Rewrite).Render(new Dictionary<string, string?>());
    }

    [Theory]
    [InlineData("no front matter")]
    [InlineData("---\neffort: low\n---\nno role")]
    [InlineData("---\nrole: king\n---\nx")]
    [InlineData("---\nrole: user\neffort: much\n---\nx")]
    [InlineData("---\nrole: user\nmax_tokens: -1\n---\nx")]
    [InlineData("---\nrole: user\ncolour: red\n---\nx")]
    [InlineData("---\nrole: user\n---\n{{ unknown }}")]
    [InlineData("---\nrole: user\n---\n{% if unknown %}x{% endif %}")]
    [InlineData("---\nrole: user\n---\n{% if message %}")]
    public void A_file_that_cannot_be_used_leaves_the_built_in_prompt(string file)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "chat-question.md"), file);
        var library = new PromptLibrary(() => [_folder.FullName], NullLogger.Instance);

        Assert.Equal("hello", library.Get(PromptNames.ChatQuestion).Render(new Dictionary<string, string?> { ["references"] = null, ["message"] = "hello" }));
    }

    [Fact]
    public void A_forgotten_value_is_an_error_and_not_a_gap()
    {
        var repair = PromptLibrary.BuiltInOnly.Get(PromptNames.Repair);

        Assert.ThrowsAny<FluidException>(() => repair.Render(new Dictionary<string, string?>()));
        Assert.Throws<ArgumentException>(() => repair.Render(new Dictionary<string, string?> { ["errors"] = null }));
    }

    private static void CheckSnapshot(string actual, [CallerFilePath] string source = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(source)!, "rendered-prompts.txt");
        if (Environment.GetEnvironmentVariable("UPDATE_EXPECT") == "1")
        {
            File.WriteAllText(path, actual);
        }

        Assert.Equal(File.ReadAllText(path), actual);
    }
}
