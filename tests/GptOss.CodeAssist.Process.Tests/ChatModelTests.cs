using System.Text.Json;
using GptOss.CodeAssist.Server.Testing;
using GptOss.CodeAssist.TestSupport;
using GptOss.CodeAssist.TestSupport.Models;

namespace GptOss.CodeAssist.Process.Tests;

/// <summary>Chat and code actions through the whole program, with a model that can chat and has nothing to say: its weights are random.</summary>
public sealed class ChatModelTests : IDisposable
{
    private const string Text = "public class Cart\n{\n    public int Total() => 1;\n}\n";
    private const string Resolving = """{"textDocument":{"codeAction":{"dataSupport":true,"resolveSupport":{"properties":["edit"]}}},"workspace":{"applyEdit":true}}""";

    private readonly TemporaryFolder _folder = new();

    public ChatModelTests()
    {
        Directory.CreateDirectory(_folder.PathOf(".gptoss", "prompts", "actions"));
        File.WriteAllText(_folder.PathOf("Shop.csproj"), """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>""");
        File.WriteAllText(_folder.PathOf("Cart.cs"), Text);
        File.WriteAllText(_folder.PathOf(".gptoss", "prompts", "chat.md"), "---\nrole: developer\nmax_tokens: 48\n---\nAnswer.");
        File.WriteAllText(_folder.PathOf(".gptoss", "prompts", "actions", "document.md"), "---\nrole: task\nmax_tokens: 48\n---\nDocument it.");
    }

    private string Uri => new Uri(_folder.PathOf("Cart.cs")).AbsoluteUri;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("embedded", true)]
    [InlineData("shared", true)]
    [InlineData("shared", false)]
    public async Task A_chat_streams_an_action_is_refused_with_a_reason_and_the_process_ends_well(string engine, bool hasNetwork)
    {
        Assert.SkipUnless(hasNetwork || await UnsharedShell.IsPossibleAsync("--net"), "This system gives no user a network namespace.");
        await using var engines = new EngineProcesses();
        var model = SmallModel.GetPath(new SmallModelOptions { FimTokens = false, FullVocabulary = false, ContextLength = 4096 });
        await using var server = SpawnedServer.Start(hasNetwork ? [] : UnsharedShell.CommandLine("--net"), engines.Folder, "--model", model, "--trust", "never", "--engine", engine);
        await server.InitializeAsync(Resolving);
        await server.Client.NotifyAsync("initialized", "{}");
        await server.Client.NotifyAsync("textDocument/didOpen", $$$"""{"textDocument":{"uri":"{{{Uri}}}","languageId":"csharp","version":1,"text":{{{JsonSerializer.Serialize(Text)}}}}}""");

        var answer = await server.Client.RequestAsync("gptOss/chat", $$$"""{"message":"What does <|end|> do?","textDocument":{"uri":"{{{Uri}}}"},"useTools":false,"partialResultToken":"p"}""");
        var pieces = await server.Client.ClaimAsync("$/progress");
        server.Client.Ignore("$/progress");
        var actions = await server.Client.RequestAsync(
            "textDocument/codeAction",
            $$$"""{"textDocument":{"uri":"{{{Uri}}}"},"range":{"start":{"line":2,"character":16},"end":{"line":2,"character":16}},"context":{"diagnostics":[]}}""");
        var document = actions.EnumerateArray().Single(action => action.GetProperty("title").GetString() == "Write documentation for Cart.Total");
        var refused = await Assert.ThrowsAsync<LspErrorException>(() => server.Client.RequestAsync("codeAction/resolve", document.GetRawText()));

        Assert.NotEqual(answer.GetProperty("text").GetString()!.Length > 0, answer.TryGetProperty("reason", out _));
        Assert.Equal("p", pieces.GetProperty("token").GetString());
        Assert.Contains(pieces.GetProperty("value").GetProperty("kind").GetString(), new[] { "answer", "reasoning", "notice" });
        Assert.Equal(-32803, refused.Code);
        Assert.StartsWith("-32803: The model", refused.Message, StringComparison.Ordinal);
        Assert.StartsWith("The model", (await server.Client.ClaimAsync("window/showMessage")).GetProperty("message").GetString(), StringComparison.Ordinal);
        await server.Client.RequestAsync("shutdown");
        await server.Client.NotifyAsync("exit");
        Assert.Equal(0, (await server.WaitForExitAsync()).Code);
        server.Client.AssertNothingUnclaimed();
    }
}
