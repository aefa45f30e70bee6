using System.Text.Json;
using GptOss.CodeAssist.TestSupport;

namespace GptOss.CodeAssist.Cli.Tests;

public sealed class ContextVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ScriptedEngine _engine = new();

    public ContextVerbTests()
    {
        Write("Order.cs", "namespace Shop;\npublic class Order { public int Total; }\n");
        Write("Desk.cs", "namespace Shop;\nclass Desk\n{\n    void M(Order order)\n    {\n        order.\n    }\n}\n");
        Write("basket.py", "def open_basket(customer):\n    lines = load_basket_lines(customer.basket_id)\n    return render_basket(lines)\n");
        Write("view.py", "def show(customer):\n    lines = load_basket_lines(\n");
        Write(".env.py", "WORD = load_basket_lines(1)\n");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Desk.cs:6:15", "class Order {")]
    [InlineData("view.py:2:31", "render_basket")]
    public async Task What_would_be_sent_is_printed_with_its_reason(string caret, string text)
    {
        using var cli = new CliUnderTest(_engine);

        Assert.Equal(ExitCodes.Done, await cli.RunAsync("context", _folder.PathOf(caret), "--root", _folder.FullName, "--json"));

        using var report = JsonDocument.Parse(cli.Output);
        var item = report.RootElement.GetProperty("items").EnumerateArray().FirstOrDefault(item => item.GetProperty("text").GetString()!.Contains(text, StringComparison.Ordinal));
        Assert.True(item.ValueKind == JsonValueKind.Object, cli.Output);
        Assert.NotEmpty(item.GetProperty("reason").GetString()!);
        Assert.DoesNotContain("WORD", cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_may_hold_secrets_is_refused()
    {
        using var cli = new CliUnderTest(_engine);

        Assert.Equal(ExitCodes.Failed, await cli.RunAsync("context", _folder.PathOf(".env.py:1:1"), "--root", _folder.FullName));

        Assert.Contains("holds secrets", cli.Error, StringComparison.Ordinal);
    }

    private void Write(string file, string text) => File.WriteAllText(_folder.PathOf(file), text);
}
