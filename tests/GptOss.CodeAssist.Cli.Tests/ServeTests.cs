using System.IO.Pipelines;
using System.Text.Json;
using GptOss.CodeAssist.Server.Testing;
using GptOss.CodeAssist.TestSupport;
using GptOss.CodeAssist.TestSupport.Models;

namespace GptOss.CodeAssist.Cli.Tests;

/// <summary>The whole program over the protocol: an editor opens a file of a project, and chat and code actions know the project.</summary>
public sealed class ServeTests
{
    [Fact]
    public async Task A_code_action_over_serve_is_compiled_with_the_project_that_the_file_lies_in()
    {
        using var folder = new TemporaryFolder();
        await using var engine = new ScriptedEngine(ScriptedEngine.HarmonyModel);
        await File.WriteAllTextAsync(folder.PathOf("Shop.csproj"), """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>""", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder.PathOf("Price.cs"), "public static class Price { public const int Base = 7; }", TestContext.Current.CancellationToken);
        const string Source = "public class Cart\n{\n    public int Total()\n    {\n        return Missing;\n    }\n}\n";
        var uri = new Uri(folder.PathOf("Cart.cs")).AbsoluteUri;
        await File.WriteAllTextAsync(folder.PathOf("Cart.cs"), Source, TestContext.Current.CancellationToken);
        string[] answer = ["<|channel|>", "final", "<|message|>", "```csharp\npublic int Total()\n{\n    return Price.Base;\n}\n```", "<|return|>"];
        // Opening the file has the model read what its prompts begin with, before or after it is asked.
        engine.Say(answer).Say(answer);
        using var cli = new CliUnderTest(engine) { IsInputTerminal = false };
        var (toServer, fromServer) = (new Pipe(), new Pipe());
        var exit = cli.RunOnAsync(toServer.Reader.AsStream(), fromServer.Writer.AsStream(), "serve", "--log-level", "None");
        await using var client = new LspClient(toServer.Writer.AsStream(), fromServer.Reader.AsStream());
        await client.RequestAsync("initialize", """{"processId":null,"rootUri":null,"capabilities":{}}""");
        await client.NotifyAsync("initialized", "{}");
        await client.NotifyAsync("textDocument/didOpen", $$$"""{"textDocument":{"uri":"{{{uri}}}","languageId":"csharp","version":1,"text":{{{JsonSerializer.Serialize(Source)}}} } }""");

        var result = await client.RequestAsync(
            "workspace/executeCommand",
            """{"command":"gptOss.fix","arguments":[{"range":{"start":{"line":4,"character":16},"end":{"line":4,"character":16}}}]}""");

        Assert.Contains("+        return Price.Base;", result.GetProperty("markdown").GetString(), StringComparison.Ordinal);
        Assert.Contains("Fix this problem and nothing else: CS0103", string.Concat(engine.Requests.Single(request => request.MaxTokens > 0).Prompt), StringComparison.Ordinal);
        await client.RequestAsync("shutdown");
        await client.NotifyAsync("exit");
        Assert.Equal(0, await client.Bounded(exit, "the server's exit code"));
    }

    [Fact]
    public async Task What_the_editor_says_about_the_model_counts_from_the_start()
    {
        await using var engine = new ScriptedEngine();
        using var cli = new CliUnderTest(engine) { IsInputTerminal = false };
        var model = SmallModel.GetPath();
        cli.Variables["GPTOSS_EDITOR_SETTINGS"] = JsonSerializer.Serialize(new { model, slots = 3 });

        await cli.RunAsync("serve", "--log-level", "None");

        Assert.Equal(model, cli.ModelPath);
        Assert.Equal(3, cli.EngineOptions?.Slots);
    }
}
