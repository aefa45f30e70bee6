using System.Text.Json;
using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.TestSupport;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Cli.Tests;

public sealed class PromptLogTests
{
    [Fact]
    public async Task Prompts_and_answers_are_logged_with_a_warning_when_asked_for()
    {
        using var folder = new TemporaryFolder();
        await using var scripted = new ScriptedEngine().Say("an ", "answer");
        await using (var log = new ServerLog(TextWriter.Null, () => LogLevel.Information, folder.FullName, TimeProvider.System))
        {
            await using var engine = new PromptLog(scripted, log);
            var request = new GenerationRequest { Prompt = [new PromptPart.Special("<|start|>"), new PromptPart.Text("a prompt")], MaxTokens = 8 };
            await foreach (var _ in engine.GenerateAsync(request, TestContext.Current.CancellationToken))
            {
            }
        }

        var lines = File.ReadAllLines(Assert.Single(Directory.GetFiles(folder.FullName))).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal("Warning", lines[0].GetProperty("@l").GetString());
        Assert.Equal("<|start|>a prompt", lines[1].GetProperty("Prompt").GetString());
        Assert.Equal("an answer", lines[2].GetProperty("Answer").GetString());
    }
}
