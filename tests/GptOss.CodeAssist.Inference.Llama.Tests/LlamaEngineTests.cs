namespace GptOss.CodeAssist.Inference.Llama.Tests;

public sealed class LlamaEngineTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_starter_model_completes_a_property()
    {
        await using var engine = StarterModel.Start();
        var model = await engine.WaitForModelAsync(Token);
        Assert.Equal(PromptStyle.FimSuffixPrefixMiddle, model.PromptStyle);
        Assert.False(model.CanChat);

        var answer = await engine.AnswerAsync(
            new GenerationRequest { Prompt = StarterModel.FillInTheMiddle("class Customer\n{\n    public string Name { ", "\n}\n"), MaxTokens = 12, StopStrings = ["\n"], HealPromptEnd = true },
            Token);

        Assert.StartsWith("get;", answer.Text.TrimStart(), StringComparison.Ordinal);
        TestContext.Current.TestOutputHelper!.WriteLine($"{answer.Text} {answer.Finished}");
    }
}
