namespace GptOss.CodeAssist.Tidy.Tests;

/// <summary>The editors' clients stay thin: what could be in the server is in the server.</summary>
public sealed class EditorClientTests
{
    private const int MostLines = 1500;

    [Theory]
    [InlineData("vscode", ".ts")]
    [InlineData("neovim", ".lua")]
    [InlineData("emacs", ".el")]
    [InlineData("helix", ".toml")]
    [InlineData("kate", ".json")]
    public void A_client_has_fewer_lines_than_a_server_would(string client, string extension)
    {
        var code = Repository.Files.Where(file => file.StartsWith($"editor-clients/{client}/", StringComparison.Ordinal) && file.EndsWith(extension, StringComparison.Ordinal) && !file.Contains("/test/", StringComparison.Ordinal)).ToArray();

        Assert.NotEmpty(code);
        Assert.InRange(code.Sum(file => Repository.Read(file).AsSpan().Count('\n')), 1, MostLines - 1);
    }

    [Fact]
    public void Every_client_with_code_is_counted()
    {
        var folders = Repository.Files.Where(file => file.StartsWith("editor-clients/", StringComparison.Ordinal)).Select(file => file.Split('/')).Where(parts => parts.Length > 2).Select(parts => parts[1]).Distinct();

        Assert.Equal(["emacs", "helix", "kate", "neovim", "vscode"], folders.Order(StringComparer.Ordinal));
    }
}
