using System.Text.Json;
using GptOss.CodeAssist.Assistant.CodeActions;
using GptOss.CodeAssist.TestSupport;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Server.Tests;

/// <summary>Every kind of action and every command, from an editor's menu to its changed files, in a solution of three projects.</summary>
public sealed class EveryActionTests
{
    private const string Capabilities = """
        {"textDocument":{"codeAction":{"dataSupport":true,"disabledSupport":true,"resolveSupport":{"properties":["edit"]}}},
         "workspace":{"applyEdit":true,"workspaceEdit":{"documentChanges":true,"resourceOperations":["create"],"changeAnnotationSupport":{}}}}
        """;

    private const string ManyLines = """
                Console.WriteLine(1);
                Console.WriteLine(2);
                Console.WriteLine(3);
                Console.WriteLine(4);
                Console.WriteLine(5);
                Console.WriteLine(6);
                Console.WriteLine(7);
                Console.WriteLine(8);
                Console.WriteLine(9);
                Console.WriteLine(10);
                Console.WriteLine(11);
                Console.WriteLine(12);
                Console.WriteLine(13);
                Console.WriteLine(14);
                Console.WriteLine(15);
                Console.WriteLine(16);
                Console.WriteLine(17);
                Console.WriteLine(18);
                Console.WriteLine(19);
                Console.WriteLine(20);
                Console.WriteLine(21);
                Console.WriteLine(22);
                Console.WriteLine(23);
                Console.WriteLine(24);
        """;

    private const string Order = $$"""
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using System.Threading.Tasks;

        namespace Shop;

        public class Order
        {
            private readonly List<int> _prices = [1, 2, 3];

            public int Broken() => Missing;

            public int Count() => _prices.Count;

            public int Later() => throw new {{nameof(NotImplementedException)}}();

            public int Total(int discount)
            {
                var t = 0;
                foreach (var price in _prices)
                {
                    t += price;
                }

                return t - discount;
            }

            public int Costly() => _prices.Where(price => price > 2).Sum();

            public int Load() => Task.FromResult(1).Result;

            public void Print()
            {
        {{ManyLines}}
            }
        }
        """;

    private const string Total = """
            public int Total(int discount)
            {
                var t = 0;
                foreach (var price in _prices)
                {
                    t += price;
                }

                return t - discount;
            }
        """;

    private const string App = """
        namespace Shop.App;

        public static class Program
        {
            public static int Run(Order order) => order.Load();
        }
        """;

    private static readonly string OrderPath = TestSolution.PathOf("Shop", "Order.cs");
    private static readonly string AppPath = TestSolution.PathOf("App", "Program.cs");

    /// <summary>A caret, what the model says, and what becomes of which file.</summary>
    private static readonly Dictionary<CodeActionKind, Case> Cases = new()
    {
        [CodeActionKind.Fix] = Case.Of("Missing", "public int Broken() => Missing;", "public int Broken() => 1;"),
        [CodeActionKind.Document] = Case.Of("Count()", "public int Count()", "/// <summary>How many.</summary>\n    public int Count()", "/// <summary>How many.</summary>\npublic int Count() => _prices.Count;"),
        [CodeActionKind.Implement] = Case.Of("Later", $"public int Later() => throw new {nameof(NotImplementedException)}();", "public int Later() => _prices.Last();"),
        [CodeActionKind.ExtractMethod] = Case.Of("Console.WriteLine(3)", $"public void Print()\n    {{\n{ManyLines}\n    }}", "public void Print() => Many();\n\n    private static void Many() => Console.WriteLine(1);"),
        [CodeActionKind.Simplify] = Case.Of("foreach", Total, "    public int Total(int discount) => _prices.Sum() - discount;"),
        [CodeActionKind.ValidateArguments] = Case.Of("foreach", Total, "    public int Total(int discount)\n    {\n        ArgumentOutOfRangeException.ThrowIfNegative(discount);\n        return _prices.Sum() - discount;\n    }"),
        [CodeActionKind.LoopToLinq] = Case.Of("foreach", Total, "    public int Total(int discount) => _prices.Sum() - discount;"),
        [CodeActionKind.LinqToLoop] = Case.Of("Costly", "public int Costly() => _prices.Where(price => price > 2).Sum();", "public int Costly() => _prices[2];"),
        [CodeActionKind.RenameLocals] = Case.Of("foreach", Total, Total.Replace("t +=", "sum +=", StringComparison.Ordinal).Replace("var t", "var sum", StringComparison.Ordinal).Replace("return t", "return sum", StringComparison.Ordinal)),
        [CodeActionKind.Rename] = new("Load()",
            ["LoadAll"],
            new()
            {
                [OrderPath] = Order.Replace("Load()", "LoadAll()", StringComparison.Ordinal),
                [AppPath] = App.Replace("Load()", "LoadAll()", StringComparison.Ordinal),
            }),
        [CodeActionKind.Edit] = Case.Of("Count()", "public int Count() => _prices.Count;", "public int Count() => _prices.Count + 1;"),
        [CodeActionKind.MakeAsync] = new("Load()",
            ["public async Task<int> Load() => await Task.FromResult(1);", "public static async System.Threading.Tasks.Task<int> Run(Order order) => await order.Load();"],
            new()
            {
                [OrderPath] = Order.Replace("public int Load() => Task.FromResult(1).Result;", "public async Task<int> Load() => await Task.FromResult(1);", StringComparison.Ordinal),
                [AppPath] = App.Replace("public static int Run(Order order) => order.Load();", "public static async System.Threading.Tasks.Task<int> Run(Order order) => await order.Load();", StringComparison.Ordinal),
            }),
        [CodeActionKind.Tests] = new("Count()",
            ["namespace Shop.Tests;\n\npublic class OrderTests\n{\n    [Xunit.Fact]\n    public void Counts() => Xunit.Assert.Equal(3, new Order().Count());\n}"],
            new() { [TestSolution.PathOf("Shop.Tests", "OrderTests.cs")] = "namespace Shop.Tests;\n\npublic class OrderTests\n{\n    [Xunit.Fact]\n    public void Counts() => Xunit.Assert.Equal(3, new Order().Count());\n}\n" }),
    };

    public static TheoryData<CodeActionKind, bool> EveryEdit()
    {
        var data = new TheoryData<CodeActionKind, bool>();
        foreach (var kind in Enum.GetValues<CodeActionKind>().Where(kind => kind != CodeActionKind.Explain))
        {
            data.Add(kind, false);
            data.Add(kind, true);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(EveryEdit))]
    public async Task An_edit_of_every_kind_reaches_the_editors_files(CodeActionKind kind, bool isCommand)
    {
        var (at, answers, expected) = Cases[kind];
        await using var assistant = await StartAsync(isCommand ? Capabilities.Replace("\"dataSupport\":true,", "", StringComparison.Ordinal) : Capabilities);
        foreach (var answer in answers)
        {
            assistant.Say($"```csharp\n{answer}\n```");
        }

        var action = kind == CodeActionKind.Edit ? Own(at) : await FindAsync(assistant, kind, at);
        Assert.Empty(assistant.Engine.Requests);
        var edit = isCommand ? await ExecuteAsync(assistant, action) : (await assistant.Client.RequestAsync("codeAction/resolve", action.GetRawText())).GetProperty("edit");

        Assert.Equal(expected, Apply(edit));
        AssertOtherFilesAreConfirmed(edit);
    }

    [Fact]
    public async Task An_explanation_is_a_command_and_comes_as_markdown()
    {
        await using var assistant = await StartAsync(Capabilities);
        assistant.Say("It counts.");

        var command = (await FindAsync(assistant, CodeActionKind.Explain, "Count()")).GetProperty("command");

        var result = await assistant.Client.RequestAsync("workspace/executeCommand", $$"""{"command":{{command.GetProperty("command").GetRawText()}},"arguments":{{command.GetProperty("arguments").GetRawText()}}}""");
        Assert.Equal("""{"markdown":"It counts."}""", result.GetRawText());
    }

    [Theory]
    [InlineData("gptOss.fix", CodeActionKind.Fix)]
    [InlineData("gptOss.doc", CodeActionKind.Document)]
    [InlineData("gptOss.tests", CodeActionKind.Tests)]
    [InlineData("gptOss.edit", CodeActionKind.Edit)]
    [InlineData("gptOss.action", CodeActionKind.MakeAsync)]
    public async Task Every_command_that_edits_sends_its_edit(string command, CodeActionKind kind)
    {
        var (at, answers, expected) = Cases[kind];
        await using var assistant = await StartAsync(Capabilities);
        foreach (var answer in answers)
        {
            assistant.Say($"```csharp\n{answer}\n```");
        }

        var pending = await assistant.Client.SendAsync("workspace/executeCommand", $$"""{"command":"{{command}}","arguments":[{{Arguments(kind, at)}}]}""");
        var edit = (await assistant.Client.ReplyAsync("workspace/applyEdit", """{"applied":true}""")).GetProperty("params").GetProperty("edit");

        Assert.Equal(expected, Apply(edit));
        Assert.Equal("""{"applied":true}""", (await pending.Result).GetRawText());
    }

    [Theory]
    [InlineData("gptOss.chat", """{"message":"What is #symbol:Order.Count?"}""", "public int Count() => _prices.Count;")]
    [InlineData("gptOss.explain", null, "public int Count() => _prices.Count;")]
    public async Task Every_command_that_answers_gives_markdown(string command, string? arguments, string inPrompt)
    {
        await using var assistant = await StartAsync(Capabilities);
        assistant.Say("It counts.");

        var result = await assistant.Client.RequestAsync("workspace/executeCommand", $$"""{"command":"{{command}}","arguments":[{{arguments ?? Arguments(CodeActionKind.Explain, "Count()")}}]}""");

        Assert.Equal("""{"markdown":"It counts."}""", result.GetRawText());
        Assert.Contains(inPrompt, string.Concat(assistant.Engine.Requests.Single().Prompt), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_half_way_changes_nothing()
    {
        await using var assistant = await StartAsync(Capabilities);
        assistant.SayForever();
        var action = await FindAsync(assistant, CodeActionKind.Simplify, "foreach");

        var pending = await assistant.Client.SendAsync("codeAction/resolve", action.GetRawText());
        while (assistant.Engine.Requests.Count == 0)
        {
            await Task.Yield();
        }

        await assistant.Client.CancelAsync(pending.Id);
        Assert.Equal(-32800, (await Assert.ThrowsAsync<Testing.LspErrorException>(() => pending.Result)).Code);
    }

    [Theory]
    [InlineData("helix")]
    [InlineData("Eglot")]
    public async Task An_editor_that_would_stand_still_while_it_resolves_gets_commands(string editor)
    {
        await using var assistant = await AssistantUnderTest.StartAsync(Solution(), Capabilities, clientInfo: $$"""{"name":"{{editor}}","version":"1"}""");
        await assistant.Server.OpenAsync(new Uri(OrderPath).AbsoluteUri, Order);

        var action = await FindAsync(assistant, CodeActionKind.Simplify, "foreach");

        Assert.Equal("gptOss.action", action.GetProperty("command").GetProperty("command").GetString());
        // Helix resolves all the same.
        Assert.Equal(action.GetRawText(), (await assistant.Client.RequestAsync("codeAction/resolve", action.GetRawText())).GetRawText());
    }

    private static TestSolution Solution() => new TestSolution()
        .Add("Shop", [("Order.cs", Order)])
        .Add("App", [("Program.cs", App)], "Shop")
        .Add("Shop.Tests", [("Usings.cs", "")], "Shop");

    private static async Task<AssistantUnderTest> StartAsync(string capabilities)
    {
        var assistant = await AssistantUnderTest.StartAsync(Solution(), capabilities);
        await assistant.Server.OpenAsync(new Uri(OrderPath).AbsoluteUri, Order);
        return assistant;
    }

    private static async Task<JsonElement> FindAsync(AssistantUnderTest assistant, CodeActionKind kind, string at)
    {
        var problem = kind == CodeActionKind.Fix ? $$"""{"range":{{RangeOf("Missing")}},"severity":1,"code":"CS0103","message":"The name 'Missing' does not exist in the current context"}""" : "";
        var listed = await assistant.Client.RequestAsync(
            "textDocument/codeAction",
            $$$"""{"textDocument":{"uri":"{{{new Uri(OrderPath).AbsoluteUri}}}"},"range":{{{CaretAt(at)}}},"context":{"diagnostics":[{{{problem}}}]}}""");
        return listed.EnumerateArray().Single(action => NameOf(action) == CodeActionKinds.NameOf(kind));
    }

    private static string? NameOf(JsonElement action) =>
        (action.TryGetProperty("data", out var data) ? data : action.GetProperty("command").GetProperty("arguments")[0]).GetProperty("action").GetString();

    private static async Task<JsonElement> ExecuteAsync(AssistantUnderTest assistant, JsonElement action)
    {
        var arguments = action.TryGetProperty("command", out var command) ? command.GetProperty("arguments").GetRawText() : $"[{action.GetProperty("data").GetRawText()}]";
        var pending = await assistant.Client.SendAsync("workspace/executeCommand", $$"""{"command":"gptOss.action","arguments":{{arguments}}}""");
        var edit = (await assistant.Client.ReplyAsync("workspace/applyEdit", """{"applied":true}""")).GetProperty("params").GetProperty("edit");
        Assert.Equal("""{"applied":true}""", (await pending.Result).GetRawText());
        return edit;
    }

    /// <summary>An action that no server listed, as a client makes for a person's own instruction.</summary>
    private static JsonElement Own(string at) => JsonDocument.Parse($$"""{"title":"add one","data":{{Arguments(CodeActionKind.Edit, at)}}}""").RootElement;

    private static string Arguments(CodeActionKind kind, string at) =>
        $$"""{"action":"{{CodeActionKinds.NameOf(kind)}}","textDocument":{"uri":"{{new Uri(OrderPath).AbsoluteUri}}"},"range":{{CaretAt(at)}},"message":"add one"}""";

    private static string CaretAt(string at) => RangeOf(at, length: 0);

    private static string RangeOf(string at, int? length = null)
    {
        var text = SourceText.From(Order);
        var start = Order.IndexOf(at, StringComparison.Ordinal);
        var span = text.Lines.GetLinePositionSpan(new TextSpan(start, length ?? at.Length));
        return $$$"""{"start":{"line":{{{span.Start.Line}}},"character":{{{span.Start.Character}}}},"end":{"line":{{{span.End.Line}}},"character":{{{span.End.Character}}}}}""";
    }

    /// <summary>The changed files' texts by path, as an editor makes them.</summary>
    private static Dictionary<string, string> Apply(JsonElement edit)
    {
        var files = new Dictionary<string, string>();
        foreach (var change in edit.GetProperty("documentChanges").EnumerateArray())
        {
            if (change.TryGetProperty("kind", out var operation))
            {
                Assert.Equal("create", operation.GetString());
                files[PathOf(change.GetProperty("uri"))] = "";
                continue;
            }

            var document = change.GetProperty("textDocument");
            var path = PathOf(document.GetProperty("uri"));
            Assert.Equal(path == OrderPath ? "1" : "null", document.GetProperty("version").GetRawText());
            var text = SourceText.From(files.GetValueOrDefault(path) ?? (path == OrderPath ? Order : App));
            files[path] = text.WithChanges(change.GetProperty("edits").EnumerateArray().Select(one => new TextChange(
                text.Lines.GetTextSpan(new LinePositionSpan(PositionOf(one.GetProperty("range").GetProperty("start")), PositionOf(one.GetProperty("range").GetProperty("end")))),
                one.GetProperty("newText").GetString()!))).ToString();
        }

        return files;

        static LinePosition PositionOf(JsonElement position) => new(position.GetProperty("line").GetInt32(), position.GetProperty("character").GetInt32());
    }

    private static void AssertOtherFilesAreConfirmed(JsonElement edit)
    {
        foreach (var change in edit.GetProperty("documentChanges").EnumerateArray().Where(change => !change.TryGetProperty("kind", out _)))
        {
            var isOther = PathOf(change.GetProperty("textDocument").GetProperty("uri")) != OrderPath;
            foreach (var one in change.GetProperty("edits").EnumerateArray())
            {
                Assert.Equal(isOther, one.TryGetProperty("annotationId", out var id));
                Assert.True(!isOther || edit.GetProperty("changeAnnotations").GetProperty(id.GetString()!).GetProperty("needsConfirmation").GetBoolean());
            }
        }
    }

    private static string PathOf(JsonElement uri) => new Uri(uri.GetString()!).LocalPath;

    private sealed record Case(string At, string[] Answers, Dictionary<string, string> Expected)
    {
        /// <param name="at">Where the caret is.</param>
        /// <param name="old">What is replaced.</param>
        /// <param name="replacement">What stands there then.</param>
        /// <param name="answer">What the model says; the replacement where it is the same.</param>
        public static Case Of(string at, string old, string replacement, string? answer = null) =>
            new(at, [answer ?? replacement], new() { [OrderPath] = Order.Replace(old, replacement, StringComparison.Ordinal) });
    }
}
