using GptOss.CodeAssist.CSharpContext.Workspace;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Tests.Workspace;

public class DiskChangeTests
{
    private const string TwoProjects = """
        // file: lib/Lib.csproj
        <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>
        // file: lib/Thing.cs
        namespace Lib; public class Thing { }
        // file: app/App.csproj
        <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
        <ItemGroup><ProjectReference Include="..\lib\Lib.csproj" /></ItemGroup></Project>
        // file: app/User.cs
        class User { Lib.Thing thing; Lib.Second second; }
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_file_is_seen_by_the_projects_built_on_its_own_and_nothing_is_compiled_from_the_start()
    {
        using var folder = FolderUnderTest.Create(TwoProjects);
        await using var workspace = folder.Open();
        Assert.Equal(["CS0234"], await ErrorsAsync(workspace, folder));
        var tree = workspace.FindProject(folder.File("lib/Thing.cs"))!.FindTree(folder.File("lib/Thing.cs"));

        folder.Write("lib/Second.cs", "namespace Lib; public class Second { }");
        workspace.FilesChanged([folder.File("lib/Second.cs")]);
        Assert.Empty(await ErrorsAsync(workspace, folder));
        Assert.Same(tree, workspace.FindProject(folder.File("lib/Thing.cs"))!.FindTree(folder.File("lib/Thing.cs")));
        Assert.True(workspace.Index.FrequencyOf("Second") > 0);

        File.Delete(folder.File("lib/Second.cs"));
        workspace.FilesChanged([folder.File("lib/Second.cs")]);
        Assert.Equal(["CS0234"], await ErrorsAsync(workspace, folder));
    }

    [Fact]
    public async Task A_folder_that_came_or_went_is_its_files()
    {
        using var folder = FolderUnderTest.Create(TwoProjects);
        await using var workspace = folder.Open();
        Assert.Equal(["CS0234"], await ErrorsAsync(workspace, folder));
        folder.Write("lib/more/Second.cs", "namespace Lib; public class Second { }");
        workspace.FilesChanged([folder.File("lib/more")]);
        Assert.Empty(await ErrorsAsync(workspace, folder));
        Directory.Delete(folder.File("lib/more"), recursive: true);
        workspace.FilesChanged([folder.File("lib/more")]);
        Assert.Equal(["CS0234"], await ErrorsAsync(workspace, folder));
    }

    [Fact]
    public async Task A_changed_project_file_changes_how_its_files_and_those_of_its_dependents_are_compiled()
    {
        using var folder = FolderUnderTest.Create(TwoProjects);
        folder.Write("lib/Second.cs", "#if SECOND\nnamespace Lib; public class Second { }\n#endif");
        await using var workspace = folder.Open();
        Assert.Equal(["CS0234"], await ErrorsAsync(workspace, folder));
        folder.Write("lib/Lib.csproj", """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework><DefineConstants>SECOND</DefineConstants></PropertyGroup></Project>""");
        workspace.FilesChanged([folder.File("lib/Lib.csproj")]);
        Assert.Empty(await ErrorsAsync(workspace, folder));
    }

    [Fact]
    public async Task An_open_files_project_is_never_without_a_compilation_while_others_change()
    {
        using var folder = FolderUnderTest.Create(TwoProjects);
        await using var workspace = folder.Open();
        workspace.SetText(folder.File("app/User.cs"), SourceText.From("class User { Lib.Second second; }"));
        Assert.Equal(["CS0234"], await ErrorsAsync(workspace, folder));
        folder.Write("lib/Lib.csproj", """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework><LangVersion>12</LangVersion></PropertyGroup></Project>""");
        folder.Write("lib/Second.cs", "namespace Lib; public class Second { }");
        workspace.FilesChanged([folder.File("lib/Lib.csproj"), folder.File("lib/Second.cs")]);
        Assert.NotNull(workspace.FindProject(folder.File("app/User.cs")));
        Assert.Empty(await ErrorsAsync(workspace, folder));
    }

    [Fact]
    public async Task A_file_that_is_hidden_by_a_new_ignore_file_leaves_the_workspace()
    {
        using var folder = FolderUnderTest.Create(TwoProjects);
        folder.Write("lib/Second.cs", "namespace Lib; public class Second { }");
        await using var workspace = folder.Open();
        await workspace.Indexed;
        Assert.Empty(await ErrorsAsync(workspace, folder));
        folder.Write(".gptossignore", "Second.cs\n");
        workspace.FilesChanged([folder.File(".gptossignore")]);
        Assert.Equal(["CS0234"], await ErrorsAsync(workspace, folder));
        Assert.Equal(0, workspace.Index.FrequencyOf("Second") - 1); // The user's own mention of it stays.
    }

    [Fact]
    public async Task A_file_that_an_editor_opens_before_anybody_told_of_it_is_found()
    {
        using var folder = FolderUnderTest.Create(TwoProjects);
        await using var workspace = folder.Open();
        Assert.Equal(["CS0234"], await ErrorsAsync(workspace, folder));
        folder.Write("lib/Second.cs", "");
        workspace.SetText(folder.File("lib/Second.cs"), SourceText.From("namespace Lib; public class Second { }"));
        Assert.Empty(await ErrorsAsync(workspace, folder));
    }

    private static async Task<IEnumerable<string>> ErrorsAsync(CSharpWorkspace workspace, FolderUnderTest folder)
    {
        var document = await workspace.PrepareDocumentAsync(folder.File("app/User.cs"), Token);
        return document!.Project!.Compilation.GetDiagnostics(Token).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.Id);
    }
}
