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
        var library = new PromptLibrary(_ => [user, workspace], NullLogger.Instance);
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
    [InlineData("---\nrole: user\n---\n{{ 'a' | append: unknown }}")]
    [InlineData("---\nrole: user\n---\n{% for i in (1..1000000000) %}x{% endfor %}")]
    [InlineData("---\nrole: user\n---\n{% if (1..1000000000) contains 3 %}x{% endif %}")]
    [InlineData("---\nrole: user\n---\n{% if message %}{% unless references %}{{ (1..1000000000) }}{% endunless %}{% else %}{% tablerow i in message %}x{% endtablerow %}{% endif %}")]
    [InlineData("---\nrole: user\n---\n{{ message | append: message }}")]
    [InlineData("---\nrole: user\n---\n{% assign message = message %}{{ message }}")]
    [InlineData("---\nrole: user\n---\n{% capture message %}x{% endcapture %}{{ message }}")]
    [InlineData("---\nrole: user\n---\n{% liquid\nassign message = 'x'\necho message\n%}")]
    [InlineData("---\nrole: user\n---\n{% include 'secret' %}")]
    [InlineData("---\nrole: user\n---\n{% render 'secret' %}")]
    public void A_file_that_cannot_be_used_leaves_the_built_in_prompt(string file)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "chat-question.md"), file);
        var library = new PromptLibrary(_ => [_folder.FullName], NullLogger.Instance);

        Assert.Equal("hello", library.Get(PromptNames.ChatQuestion).Render(new Dictionary<string, string?> { ["references"] = null, ["message"] = "hello" }));
    }

    [Fact]
    public void A_link_to_another_file_and_a_file_that_is_too_long_are_no_prompts()
    {
        var library = new PromptLibrary(_ => [_folder.FullName], NullLogger.Instance);
        var path = Path.Combine(_folder.FullName, "rewrite.md");
        File.WriteAllText(Path.Combine(_folder.FullName, "elsewhere.md"), "---\nrole: developer\n---\na secret");
        File.CreateSymbolicLink(path, Path.Combine(_folder.FullName, "elsewhere.md"));
        Assert.StartsWith("You change C# code.", Rendered(), StringComparison.Ordinal);

        File.Delete(path);
        File.WriteAllText(path, $"---\nrole: developer\n---\n{new string('x', 200_000)}");
        Assert.StartsWith("You change C# code.", Rendered(), StringComparison.Ordinal);

        string Rendered() => library.Get(PromptNames.Rewrite).Render(new Dictionary<string, string?>());
    }

    [Fact]
    public void The_prompts_of_one_workspace_do_not_count_in_another()
    {
        var library = new PromptLibrary(workspace => workspace is null ? [] : [workspace], NullLogger.Instance);
        var own = _folder.CreateSubdirectory("own").FullName;
        File.WriteAllText(Path.Combine(own, "rewrite.md"), "---\nrole: developer\n---\nown");

        Assert.Equal("own", Rendered(library.For([own])));
        Assert.StartsWith("You change C# code.", Rendered(library.For([_folder.CreateSubdirectory("other").FullName])), StringComparison.Ordinal);
        Assert.StartsWith("You change C# code.", Rendered(library.For([])), StringComparison.Ordinal);

        static string Rendered(PromptLibrary prompts) => prompts.Get(PromptNames.Rewrite).Render(new Dictionary<string, string?>());
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
