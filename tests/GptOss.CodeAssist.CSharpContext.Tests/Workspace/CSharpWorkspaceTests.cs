using GptOss.CodeAssist.CSharpContext.Workspace;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.CSharpContext.Tests.Workspace;

public class CSharpWorkspaceTests
{
    private const string TwoProjects = """
        // file: Directory.Build.props
        <Project><PropertyGroup><Nullable>enable</Nullable><ImplicitUsings>enable</ImplicitUsings></PropertyGroup></Project>
        // file: lib/Lib.csproj
        <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFrameworks>netstandard2.0;net10.0</TargetFrameworks><DefineConstants>$(DefineConstants);EXTRA</DefineConstants></PropertyGroup>
        <ItemGroup><InternalsVisibleTo Include="App" /><Compile Remove="old/**" /></ItemGroup></Project>
        // file: lib/Thing.cs
        namespace Lib;
        #if EXTRA && NET8_0_OR_GREATER
        internal class Thing { public List<string>? Names; }
        #endif
        // file: lib/old/Broken.cs
        this is not C#
        // file: app/App.csproj
        <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType></PropertyGroup>
        <ItemGroup><ProjectReference Include="..\lib\Lib.csproj" /></ItemGroup></Project>
        // file: app/Program.cs
        using Lib;
        class Program { static void Main() { var thing = new Thing(); Console.WriteLine(thing.Names?.Count); } }
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Project_files_alone_make_a_compilation_without_errors()
    {
        using var folder = FolderUnderTest.Create(TwoProjects);
        await using var workspace = folder.Open();
        var document = await workspace.PrepareDocumentAsync(folder.File("app/Program.cs"), Token);
        Assert.Empty(document!.Project!.Compilation.GetDiagnostics(Token).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.ToString()));
        Assert.True(document.Project.ReferencesComplete);
        Assert.Empty(workspace.Degradations);
    }

    [Fact]
    public async Task Severities_are_those_of_the_editorconfig_files_and_of_the_project_file()
    {
        using var folder = FolderUnderTest.Create("""
            // file: .editorconfig
            [*.cs]
            dotnet_diagnostic.CS0168.severity = none
            // file: quiet/Quiet.csproj
            <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework><NoWarn>$(NoWarn);0219</NoWarn></PropertyGroup></Project>
            // file: quiet/A.cs
            class A { void M() { int unused; var set = 1; return; int late = 2; } }
            // file: quiet/strict/.editorconfig
            [*.cs]
            dotnet_diagnostic.CS0162.severity = error
            // file: quiet/strict/B.cs
            class B { void M() { return; int late; } }
            """);
        await using var workspace = folder.Open();

        Assert.Equal(["Warning CS0162"], await ProblemsAsync("quiet/A.cs"));
        Assert.Equal(["Error CS0162"], await ProblemsAsync("quiet/strict/B.cs"));

        folder.Write(".editorconfig", "");
        workspace.FilesChanged([folder.File(".editorconfig")]);
        Assert.Equal(["Warning CS0162", "Warning CS0168"], await ProblemsAsync("quiet/A.cs"));

        async Task<IEnumerable<string>> ProblemsAsync(string name) => (await workspace.PrepareDocumentAsync(folder.File(name), Token))!.Model!.GetDiagnostics(null, Token)
            .Where(found => found.Severity >= DiagnosticSeverity.Warning).Select(found => $"{found.Severity} {found.Id}").Distinct().Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task The_editors_text_lies_over_the_disk_and_goes_when_the_file_is_closed()
    {
        using var folder = FolderUnderTest.Create(TwoProjects);
        await using var workspace = folder.Open();
        await workspace.PrepareDocumentAsync(folder.File("app/Program.cs"), Token);
        workspace.SetText(folder.File("lib/Thing.cs"), SourceText.From("namespace Lib; internal class Renamed { }"));
        var open = await workspace.PrepareDocumentAsync(folder.File("app/Program.cs"), Token);
        Assert.Contains(open!.Project!.Compilation.GetDiagnostics(Token), diagnostic => diagnostic.Id == "CS0246");
        workspace.Close(folder.File("lib/Thing.cs"));
        var closed = await workspace.PrepareDocumentAsync(folder.File("app/Program.cs"), Token);
        Assert.DoesNotContain(closed!.Project!.Compilation.GetDiagnostics(Token), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    [Fact]
    public async Task A_change_inside_a_body_binds_nothing_anew()
    {
        using var folder = FolderUnderTest.Create(TwoProjects);
        await using var workspace = folder.Open();
        var before = await workspace.PrepareDocumentAsync(folder.File("app/Program.cs"), Token);
        workspace.SetText(folder.File("app/Program.cs"), SourceText.From(before!.Text.ToString().Replace("var thing", "var other = 1; var thing", StringComparison.Ordinal)));
        var after = await workspace.PrepareDocumentAsync(folder.File("app/Program.cs"), Token);
        Assert.Same(before.Project!.Compilation, after!.Project!.Compilation);
        Assert.Contains("var other", after.Text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_changed_on_disk_is_read_again()
    {
        using var folder = FolderUnderTest.Create(TwoProjects);
        await using var workspace = folder.Open();
        await workspace.PrepareDocumentAsync(folder.File("app/Program.cs"), Token);
        folder.Write("lib/Thing.cs", "namespace Lib; internal class Thing { public int[]? Names; }");
        workspace.FilesChanged([folder.File("lib/Thing.cs")]);
        var document = await workspace.PrepareDocumentAsync(folder.File("app/Program.cs"), Token);
        Assert.Contains(document!.Project!.Compilation.GetDiagnostics(Token), diagnostic => diagnostic.Id == "CS8978");
    }

    [Fact]
    public async Task Loose_files_are_one_project_and_say_so()
    {
        using var folder = FolderUnderTest.Create("""
            // file: a.cs
            class A { B? b; }
            // file: sub/b.cs
            class B { }
            """);
        await using var workspace = folder.Open();
        var document = await workspace.PrepareDocumentAsync(folder.File("a.cs"), Token);
        Assert.DoesNotContain(document!.Project!.Compilation.GetDiagnostics(Token), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.Contains("holds no project file", Assert.Single(workspace.Degradations), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<Project Sdk=\"Microsoft.NET.Sdk\"><ItemGroup><ProjectReference Include=\"gone.csproj\" /></ItemGroup></Project>", "gone.csproj does not exist")]
    [InlineData("<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>$(Unknown)</TargetFramework></PropertyGroup></Project>", "is not understood")]
    [InlineData("<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup><ItemGroup><PackageReference Include=\"No.Such.Package.Anywhere\" Version=\"1.0\" /></ItemGroup></Project>", "No.Such.Package.Anywhere. Run 'dotnet restore'")]
    public async Task What_is_missing_has_a_name_and_stops_nothing(string project, string expected)
    {
        using var folder = FolderUnderTest.Create($"// file: P.csproj\n{project}\n// file: a.cs\nclass A;\n");
        await using var workspace = folder.Open();
        Assert.NotNull((await workspace.PrepareDocumentAsync(folder.File("a.cs"), Token))!.CompiledTree);
        Assert.Contains(workspace.Degradations, degradation => degradation.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_broken_project_file_leaves_its_sources_loose_and_says_so()
    {
        using var folder = FolderUnderTest.Create("// file: P.csproj\n<Project\n// file: a.cs\nclass A;\n");
        await using var workspace = folder.Open();
        Assert.NotNull((await workspace.PrepareDocumentAsync(folder.File("a.cs"), Token))!.CompiledTree);
        Assert.Contains(workspace.Degradations, degradation => degradation.StartsWith("P.csproj is left out, and its files are read as loose ones:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_classic_project_has_the_reference_assemblies_of_its_framework_or_of_the_next()
    {
        using var folder = FolderUnderTest.Create(ClassicProject);
        using var packages = FolderUnderTest.Create("");
        var assemblies = Directory.CreateDirectory(packages.File("microsoft.netframework.referenceassemblies.net48/1.0.3/build/.NETFramework/v4.8")).FullName;
        var running = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        foreach (var name in new[] { "mscorlib.dll", "System.Private.CoreLib.dll" })
        {
            File.Copy(Path.Combine(running, name), Path.Combine(assemblies, name));
        }

        await WriteAssemblyAsync(Path.Combine(assemblies, "System.Web.dll"), "namespace System.Web { public class Page { } }", Path.Combine(assemblies, "System.Private.CoreLib.dll"));
        await using var workspace = CSharpWorkspace.Open([folder.Path], new CSharpWorkspaceOptions { PackageFolder = packages.Path }, NullLogger.Instance);
        var document = await workspace.PrepareDocumentAsync(folder.File("a.cs"), Token);
        Assert.Equal("net472", Assert.Single(workspace.Projects).TargetFramework);
        Assert.DoesNotContain(document!.Project!.Compilation.GetDiagnostics(Token), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.True(document.Project.ReferencesComplete);
        Assert.Empty(workspace.Degradations);
    }

    [Fact]
    public async Task Where_the_assemblies_of_a_classic_project_are_missing_it_is_said_and_no_unknown_name_proves_anything()
    {
        using var folder = FolderUnderTest.Create(ClassicProject.Replace("""<Reference Include="System.Web" />""", """<Reference Include="Cards, Version=1.0.0.0"><HintPath>..\\packages\Cards.1.0\lib\Cards.dll</HintPath></Reference>""", StringComparison.Ordinal));
        using var packages = FolderUnderTest.Create("");
        await using var workspace = CSharpWorkspace.Open([folder.Path], new CSharpWorkspaceOptions { PackageFolder = packages.Path }, NullLogger.Instance);
        Assert.False((await workspace.PrepareDocumentAsync(folder.File("a.cs"), Token))!.Project!.ReferencesComplete);
        Assert.Contains("P.csproj: referenced assemblies were not found: Cards. If they come from packages, restore them.", workspace.Degradations);
    }

    private const string ClassicProject = """
        // file: P.csproj
        <Project ToolsVersion="15.0" xmlns="http://schemas.microsoft.com/developer/msbuild/2003">
        <PropertyGroup><TargetFrameworkVersion>v4.7.2</TargetFrameworkVersion><OutputType>Library</OutputType></PropertyGroup>
        <ItemGroup><Reference Include="System.Web" /><Compile Include="a.cs" /></ItemGroup></Project>
        // file: a.cs
        class A : System.Web.Page { int Number() { return 1; } }
        """;

    private static async Task WriteAssemblyAsync(string path, string source, string coreLibrary)
    {
        var compilation = CSharpCompilation.Create(
            Path.GetFileNameWithoutExtension(path), [CSharpSyntaxTree.ParseText(source, cancellationToken: Token)], [MetadataReference.CreateFromFile(coreLibrary)], new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        await using var stream = File.Create(path);
        Assert.Empty(compilation.Emit(stream, cancellationToken: Token).Diagnostics);
    }

    [Fact]
    public async Task A_hidden_file_is_no_document()
    {
        using var folder = FolderUnderTest.Create("// file: .gitignore\nsecret.cs\n// file: secret.cs\nclass Secret;\n// file: a.cs\nclass A;\n");
        await using var workspace = folder.Open();
        await workspace.Indexed;
        Assert.Null(await workspace.PrepareDocumentAsync(folder.File("secret.cs"), Token));
        Assert.Null(workspace.FindText(folder.File("secret.cs")));
        Assert.Equal(1, workspace.Index.FileCount);
    }
}
