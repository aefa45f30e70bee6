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
    public void A_link_counts_as_what_it_leads_to()
    {
        using var outside = FolderUnderTest.Create("// file: private.cs");
        using var folder = FolderUnderTest.Create("""
            // file: own/a.cs
            // file: .env
            """);
        File.CreateSymbolicLink(folder.File("out.cs"), outside.File("private.cs"));
        Directory.CreateSymbolicLink(folder.File("away"), outside.Path);
        File.CreateSymbolicLink(folder.File("secret.txt"), folder.File(".env"));
        File.CreateSymbolicLink(folder.File("round.cs"), folder.File("round.cs"));
        Directory.CreateSymbolicLink(folder.File("twice"), folder.File("away"));
        Directory.CreateSymbolicLink(folder.File("near"), folder.File("own"));
        File.CreateSymbolicLink(folder.File("in.cs"), folder.File("near/a.cs"));
        var filter = new WorkspaceFileFilter([folder.Path]);

        Assert.Equal(
            ["in.cs", "near/a.cs", "own/a.cs"],
            new[] { "out.cs", "away/private.cs", "secret.txt", "round.cs", "twice/private.cs", "near/a.cs", "in.cs", "own/a.cs" }.Where(name => filter.MayRead(folder.File(name))).Order(StringComparer.Ordinal));
    }

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
