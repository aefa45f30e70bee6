using GptOss.CodeAssist.CSharpContext.Workspace;

namespace GptOss.CodeAssist.CSharpContext.Tests.Workspace;

public class WorkspaceFileFilterTests
{
    [Fact]
    public void Secrets_and_ignored_files_are_never_listed()
    {
        using var folder = FolderUnderTest.Create("""
            // file: .gitignore
            /generated/
            *.tmp.cs
            !kept.tmp.cs
            // file: .gptossignore
            private.cs
            // file: a.cs
            // file: private.cs
            // file: x.tmp.cs
            // file: kept.tmp.cs
            // file: generated/g.cs
            // file: deep/generated/g.cs
            // file: deep/.gitignore
            only-here.cs
            // file: deep/only-here.cs
            // file: only-here.cs
            // file: .env
            // file: .env.local
            // file: prod.env
            // file: appsettings.Development.json
            // file: key.pfx
            // file: bin/a.cs
            // file: node_modules/m/a.js
            """);
        var files = new WorkspaceFileFilter([folder.Path]).EnumerateFiles(TestContext.Current.CancellationToken).Select(path => Path.GetRelativePath(folder.Path, path).Replace('\\', '/')).Order(StringComparer.Ordinal);
        Assert.Equal([".gitignore", ".gptossignore", "a.cs", "deep/.gitignore", "deep/generated/g.cs", "kept.tmp.cs", "only-here.cs"], files);
    }

    [Theory]
    [InlineData(".env.production", true)]
    [InlineData("appsettings.json", true)]
    [InlineData("id_rsa", true)]
    [InlineData("server.pem", true)]
    [InlineData("Program.cs", false)]
    [InlineData("Environment.cs", false)]
    public void Secrets_are_known_by_their_names(string name, bool isSecret) => Assert.Equal(isSecret, WorkspaceFileFilter.IsSecret(name));

    [Fact]
    public void An_ignored_open_file_stays_out_of_every_answer()
    {
        using var folder = FolderUnderTest.Create("""
            // file: .gitignore
            hidden.cs
            // file: hidden.cs
            class Hidden;
            """);
        Assert.False(new WorkspaceFileFilter([folder.Path]).MayRead(folder.File("hidden.cs")));
    }
}
