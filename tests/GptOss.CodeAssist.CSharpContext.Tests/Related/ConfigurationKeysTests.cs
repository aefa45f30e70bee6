using GptOss.CodeAssist.CSharpContext.Related;

namespace GptOss.CodeAssist.CSharpContext.Tests.Related;

public class ConfigurationKeysTests
{
    private const string App = """
        // file: App.csproj
        <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>
        // file: appsettings.json
        {
          "ConnectionStrings": { "Orders": "Server=db;Password=hunter2" }, /* a comment */
          "Smtp": { "Host": "mail.example", "Ports": [ 25, { "Name": "inner" } ] },
          "Tokens": { "9f8a7c6b5d4e3f2a1b0c9d8e7f6a5b4c": "x", "sk 12/34": "y" },
        }
        // file: appsettings.Local.json
        { "OnlyHere": "secret" }
        // file: .gitignore
        appsettings.Local.json
        // file: web.config
        <configuration><appSettings><add key="PageSize" value="hunter3" /></appSettings><connectionStrings><add name="Old" connectionString="hunter4" /></connectionStrings></configuration>
        // file: Other.cs
        class Other { }
        // file: src/A.cs
        class A { void M(System.Func<string, string> Configuration) { var x = Configuration["Smtp:Host"]; } void N() { ; } }
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_code_reads_settings_their_keys_are_told_and_never_a_value()
    {
        var keys = await FindAsync("Configuration[");
        Assert.Equal(["ConnectionStrings", "ConnectionStrings:Orders", "Smtp", "Smtp:Host", "Smtp:Ports", "Tokens", "PageSize", "Old"], keys!.Names);
        Assert.DoesNotContain("hunter", keys.Full, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Elsewhere_nothing_of_them_is_told()
    {
        using var folder = FolderUnderTest.Create(App);
        folder.Write("src/A.cs", "class A { void N() { ; } }");
        Assert.Null(await FindAsync(folder, "{ ;"));
    }

    private static async Task<RelatedItem?> FindAsync(string at)
    {
        using var folder = FolderUnderTest.Create(App);
        return await FindAsync(folder, at);
    }

    private static async Task<RelatedItem?> FindAsync(FolderUnderTest folder, string at)
    {
        await using var workspace = folder.Open();
        await workspace.Indexed;
        var document = (await workspace.PrepareDocumentAsync(folder.File("src/A.cs"), Token))!;
        var caret = document.Text.ToString().IndexOf(at, StringComparison.Ordinal) + at.Length;
        var related = await new RelatedCodeFinder(workspace).FindAsync(document, caret, ContextDeadline.Patient, Token);
        return related.Items.FirstOrDefault(item => item.Kind == RelatedKind.ConfigurationKeys);
    }
}
