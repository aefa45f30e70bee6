using GptOss.CodeAssist.TestSupport;

namespace GptOss.CodeAssist.Inference.Tests;

public sealed class ScriptedEngineTests
{
    [Fact]
    public async Task A_scripted_answer_ends_with_exactly_one_finished_event()
    {
        await using var engine = new ScriptedEngine().Say("int", " x", "<|endoftext|>", " y");
        var request = new GenerationRequest { Prompt = [new PromptPart.Text("var ")], MaxTokens = 10, StopTokens = ["<|endoftext|>"] };

        var events = await engine.GenerateAsync(request, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal("int x", string.Concat(events.OfType<GenerationEvent.Token>().Select(token => token.Text)));
        var finished = Assert.Single(events.OfType<GenerationEvent.Finished>());
        Assert.Equal(FinishReason.StopToken, finished.Reason);
        Assert.Same(finished, events[^1]);
    }
}
