using System.Diagnostics;
using GptOss.CodeAssist.CSharpContext.Workspace;
using Microsoft.CodeAnalysis;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.CSharpContext.Tests.Workspace;

/// <summary>What MSBuild says of real projects on disk, through a build host of its own.</summary>
public class MSBuildTests
{
    /// <summary>A library for two frameworks with a source generator's output, and a program built on it.</summary>
    private const string TwoProjects = """
        // file: Directory.Build.props
        <Project><PropertyGroup><Nullable>enable</Nullable><ImplicitUsings>enable</ImplicitUsings></PropertyGroup></Project>
        // file: lib/Lib.csproj
        <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFrameworks>netstandard2.0;net10.0</TargetFrameworks><LangVersion>latest</LangVersion></PropertyGroup></Project>
        // file: lib/Thing.cs
        using System.Text.RegularExpressions;
        namespace Lib;
        public partial class Thing
        {
        #if NET
            [GeneratedRegex("[a-z]+")]
            public static partial Regex Word();
        #endif
        }
        // file: app/App.csproj
        <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType></PropertyGroup>
        <ItemGroup><ProjectReference Include="../lib/Lib.csproj" /></ItemGroup></Project>
        // file: app/Program.cs
        Console.WriteLine(Lib.Thing.Word().IsMatch("a"));
        """;

    private const string Slnx = """<Solution><Project Path="lib/Lib.csproj" /><Project Path="app/App.csproj" /></Solution>""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_solution_gives_one_framework_of_several_and_what_generators_wrote()
    {
        using var folder = FolderUnderTest.Create(TwoProjects);
        folder.Write("All.slnx", Slnx);
        await RestoreAsync(folder, "All.slnx");
        await using var workspace = await BuiltAsync(folder);
        var document = await workspace.PrepareDocumentAsync(folder.File("app/Program.cs"), Token);
        Assert.Empty(ErrorsOf(document));
        Assert.True(document!.Project!.GeneratorsRan);
        Assert.Equal(["net10.0", "net10.0"], workspace.Projects.Select(project => project.TargetFramework));
        Assert.Contains(workspace.Projects.Single(project => project.AssemblyName == "Lib").GeneratedSources, source => source.Path.Contains("RegexGenerator", StringComparison.Ordinal));
        Assert.Empty(workspace.Degradations);

        // A file that comes later is MSBuild's too, without asking it again.
        folder.Write("lib/Second.cs", "namespace Lib; public class Second;");
        folder.Write("app/User.cs", "class User { Lib.Second? Second; }");
        workspace.FilesChanged([folder.File("lib/Second.cs"), folder.File("app/User.cs")]);
        document = await workspace.PrepareDocumentAsync(folder.File("app/User.cs"), Token);
        Assert.Empty(ErrorsOf(document));
        Assert.True(document!.Project!.GeneratorsRan);
    }

    [Fact]
    public async Task A_folder_that_is_trusted_later_is_loaded_later()
    {
        using var folder = FolderUnderTest.Create(TwoProjects);
        await RestoreAsync(folder, "app/App.csproj");
        folder.Write("All.sln", await SolutionAsync(folder));
        await using var workspace = folder.Open();
        await workspace.PrepareDocumentAsync(folder.File("app/Program.cs"), Token);
        Assert.DoesNotContain(workspace.Projects.SelectMany(project => project.GeneratedSources), source => source.Path.Contains("RegexGenerator", StringComparison.Ordinal));
        workspace.Trust();
        await workspace.Built;
        Assert.Empty(ErrorsOf(await workspace.PrepareDocumentAsync(folder.File("app/Program.cs"), Token)));
        Assert.Contains(workspace.Projects.SelectMany(project => project.GeneratedSources), source => source.Path.Contains("RegexGenerator", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_filter_leaves_the_other_projects_to_their_quick_description()
    {
        using var folder = FolderUnderTest.Create(TwoProjects);
        folder.Write("All.slnx", Slnx);
        folder.Write("Lib.slnf", """{ "solution": { "path": "All.slnx", "projects": [ "lib/Lib.csproj" ] } }""");
        await RestoreAsync(folder, "All.slnx");
        await using var workspace = await BuiltAsync(folder);
        Assert.True(workspace.Projects.Single(project => project.AssemblyName == "Lib").GeneratorsRan);
        Assert.False(workspace.Projects.Single(project => project.AssemblyName == "App").GeneratorsRan);
        Assert.Empty(ErrorsOf(await workspace.PrepareDocumentAsync(folder.File("app/Program.cs"), Token)));
    }

    [Fact]
    public async Task A_global_json_that_names_an_absent_SDK_is_a_reason_and_the_files_are_read_all_the_same()
    {
        using var folder = FolderUnderTest.Create(TwoProjects);
        folder.Write("global.json", """{ "sdk": { "version": "4.5.6", "rollForward": "disable" } }""");
        await using var workspace = await BuiltAsync(folder);
        Assert.Contains(workspace.Degradations, reason => reason.StartsWith("MSBuild", StringComparison.Ordinal) && reason.Contains("4.5.6", StringComparison.Ordinal));
        var document = await workspace.PrepareDocumentAsync(folder.File("app/Program.cs"), Token);
        Assert.NotNull(document!.Project);
        Assert.Contains(document.Project.Compilation.SyntaxTrees, tree => tree.FilePath == folder.File("app/Program.cs"));
    }

    [Fact]
    public async Task A_broken_project_is_named_and_the_others_are_loaded()
    {
        using var folder = FolderUnderTest.Create(TwoProjects);
        folder.Write("broken/Broken.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup>");
        folder.Write("broken/Part.cs", "class Part { }");
        folder.Write("All.slnx", Slnx.Replace("</Solution>", """<Project Path="broken/Broken.csproj" /></Solution>""", StringComparison.Ordinal));
        await RestoreAsync(folder, "app/App.csproj");
        await using var workspace = await BuiltAsync(folder);
        Assert.Contains(workspace.Degradations, reason => reason.Contains("Broken.csproj", StringComparison.Ordinal));
        Assert.Empty(ErrorsOf(await workspace.PrepareDocumentAsync(folder.File("app/Program.cs"), Token)));
        Assert.True(workspace.FindProject(folder.File("app/Program.cs"))!.GeneratorsRan);
        Assert.NotNull((await workspace.PrepareDocumentAsync(folder.File("broken/Part.cs"), Token))!.CompiledTree);
    }

    [Fact]
    public async Task A_project_that_is_not_restored_is_named_and_its_missing_packages_prove_nothing()
    {
        using var folder = FolderUnderTest.Create("""
            // file: P.csproj
            <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
            <ItemGroup><PackageReference Include="No.Such.Package.Anywhere" Version="1.0.0" /></ItemGroup></Project>
            // file: A.cs
            class A { System.Guid id; }
            """);
        await using var workspace = await BuiltAsync(folder);
        Assert.Contains(workspace.Degradations, reason => reason.Contains("P.csproj is not restored", StringComparison.Ordinal) && reason.Contains("dotnet restore", StringComparison.Ordinal));
        var document = await workspace.PrepareDocumentAsync(folder.File("A.cs"), Token);
        Assert.Empty(ErrorsOf(document));
        Assert.False(document!.Project!.ReferencesComplete);
    }

    private static IEnumerable<string> ErrorsOf(CSharpDocument? document) =>
        document!.Project!.Compilation.GetDiagnostics(Token).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.ToString());

    private static async Task<CSharpWorkspace> BuiltAsync(FolderUnderTest folder)
    {
        var workspace = CSharpWorkspace.Open([folder.Path], new CSharpWorkspaceOptions { IsTrusted = true }, NullLogger.Instance);
        await workspace.Built;
        return workspace;
    }

    /// <summary>A solution of the old format, as the SDK itself writes it.</summary>
    private static async Task<string> SolutionAsync(FolderUnderTest folder)
    {
        await DotnetAsync(folder, "new", "sln", "--format", "sln", "--name", "Made");
        await DotnetAsync(folder, "sln", "Made.sln", "add", "lib/Lib.csproj", "app/App.csproj");
        var text = await File.ReadAllTextAsync(folder.File("Made.sln"), Token);
        File.Delete(folder.File("Made.sln"));
        return text;
    }

    private static Task RestoreAsync(FolderUnderTest folder, string what) => DotnetAsync(folder, "restore", what);

    private static async Task DotnetAsync(FolderUnderTest folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Token);
        var errors = process.StandardError.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}: {await output}{await errors}");
    }
}
