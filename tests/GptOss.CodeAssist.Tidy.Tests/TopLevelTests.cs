using System.Text.Json;
using System.Text.RegularExpressions;

namespace GptOss.CodeAssist.Tidy.Tests;

public sealed partial class TopLevelTests
{
    private static readonly string[] Required =
    [
        ".ci", ".editorconfig", ".gitattributes", ".gitignore", "ARCHITECTURE.md", "BannedSymbols.txt", "Directory.Build.props", "Directory.Packages.props",
        "GptOss.CodeAssist.sln", "LICENSE", "global.json", "src", "tests",
    ];

    private static readonly string[] Allowed = [.. Required, "README.md", "benchmarks", "editor-clients", "prompts"];

    [Fact]
    public void The_top_level_holds_what_it_has_to_and_nothing_else()
    {
        var present = Repository.Files.Select(file => file.Split('/')[0]).Distinct().ToArray();

        Assert.Empty(Required.Except(present));
        Assert.Empty(present.Except(Allowed));
    }

    [Fact]
    public void No_folder_or_project_is_a_lumber_room() =>
        Assert.DoesNotContain(Repository.Files.SelectMany(file => file.Split('/')[..^1]), folder => LumberRoom().IsMatch(folder));

    [Fact]
    public void The_licence_is_Apache_2()
    {
        var licence = Repository.Read("LICENSE");

        Assert.Contains("Apache License", licence, StringComparison.Ordinal);
        Assert.Contains("Version 2.0, January 2004", licence, StringComparison.Ordinal);
        Assert.Contains("<PackageLicenseExpression>Apache-2.0</PackageLicenseExpression>", Repository.Read("Directory.Build.props"), StringComparison.Ordinal);
    }

    [Fact]
    public void Lock_files_name_no_registry()
    {
        var locks = Repository.Files.Where(file => Path.GetFileName(file) == "package-lock.json").ToArray();

        Assert.NotEmpty(locks);
        Assert.All(locks, file =>
        {
            using var document = JsonDocument.Parse(Repository.Read(file));
            Assert.DoesNotContain(document.RootElement.GetProperty("packages").EnumerateObject(), package => package.Value.TryGetProperty("resolved", out var resolved) && resolved.GetString()!.Contains("://", StringComparison.Ordinal));
        });
    }

    [Fact]
    public void No_settings_name_a_registry()
    {
        Assert.DoesNotContain(Repository.Files, file => Path.GetFileName(file).Equals("nuget.config", StringComparison.OrdinalIgnoreCase));
        Assert.All(Repository.Files.Where(file => Path.GetFileName(file) == ".npmrc"), file => Assert.DoesNotMatch(@"(?m)^\s*(@[\w-]+:)?registry\s*=", Repository.Read(file)));
    }

    [Fact]
    public void Paths_that_the_architecture_page_names_exist() =>
        Assert.All(PathInPage().Matches(Repository.Read("ARCHITECTURE.md")).Select(match => match.Groups["path"].Value), path =>
            Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), $"ARCHITECTURE.md names {path}, which does not exist."));

    [GeneratedRegex("^(GptOss.CodeAssist.)?(Common|Core|Shared|Helpers?|Utils?|Utilities|Misc)$", RegexOptions.IgnoreCase)]
    private static partial Regex LumberRoom();

    [GeneratedRegex(@"`(?<path>(src|tests|prompts|editor-clients|benchmarks|\.ci)/[^`*]*)`")]
    private static partial Regex PathInPage();
}
