using System.Text.Json;
using GptOss.CodeAssist.TestSupport;

namespace GptOss.CodeAssist.Cli.Tests;

public sealed class EvalContextVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public EvalContextVerbTests()
    {
        File.WriteAllText(_folder.PathOf("Order.cs"), "namespace Shop;\npublic class Order\n{\n    public int Total;\n    public string Note;\n    public void Send(string note) { }\n    public void Pay(int amount)\n    {\n        Total -= amount;\n        System.Console.WriteLine(Total);\n    }\n}\n");
        File.WriteAllText(
            _folder.PathOf("Desk.cs"),
            "namespace Shop;\nclass Desk\n{\n    void M(Order order)\n    {\n        var left = order.Total;\n        order.Pay(left);\n    }\n\n    void N(Order order)\n    {\n        order.Send(order.Note);\n        M(order);\n    }\n}\n");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Real_code_is_taken_out_and_asked_for_again_and_the_gate_sees_as_many_texts_as_were_asked_for()
    {
        using var cli = new CliUnderTest(new ScriptedEngine());

        Assert.Equal(ExitCodes.Done, await cli.RunAsync("eval", "context", "--repo", _folder.FullName, "--samples", "1", "--texts", "6", "--json"));

        using var report = JsonDocument.Parse(cli.Output);
        var root = report.RootElement;
        Assert.Equal(100, root.GetProperty("statement").GetProperty("recall").GetProperty("4096").GetDouble());
        Assert.Equal(100, root.GetProperty("body").GetProperty("recall").GetProperty("4096").GetDouble());
        var gate = root.GetProperty("gate");
        Assert.Equal(6, gate.GetProperty("checked").GetInt32());
        Assert.Equal(0, gate.GetProperty("falseRejects").GetDouble());
        Assert.Equal(100, gate.GetProperty("detection").GetProperty("unknownMember").GetDouble());
        Assert.Equal(100, gate.GetProperty("detection").GetProperty("argumentCount").GetDouble());
        Assert.Equal(0, root.GetProperty("caret").GetProperty("wrong").GetDouble());
    }

    [Fact]
    public async Task Where_there_are_fewer_texts_than_were_asked_for_each_is_seen_once()
    {
        using var cli = new CliUnderTest(new ScriptedEngine());

        Assert.Equal(ExitCodes.Done, await cli.RunAsync("eval", "context", "--repo", _folder.FullName, "--samples", "1", "--texts", "1000", "--json"));

        using var report = JsonDocument.Parse(cli.Output);
        Assert.Equal(8, report.RootElement.GetProperty("gate").GetProperty("checked").GetInt32());
    }
}
