namespace GptOss.CodeAssist.Inference.Llama.Tests;

public sealed class ClosedEngineTests
{
    [Fact]
    public async Task A_model_whose_turn_never_comes_is_not_loaded_and_can_be_done_without()
    {
        var engine = StarterModel.Start(options => options with { LoadAfter = new TaskCompletionSource().Task });

        await engine.DisposeAsync();

        Assert.Equal("Loading the model was cancelled.", (await Assert.ThrowsAsync<InferenceException>(() => engine.WaitForModelAsync(TestContext.Current.CancellationToken))).Message);
    }

    [Fact]
    public async Task A_model_is_loaded_when_its_turn_has_come()
    {
        var turn = new TaskCompletionSource();
        await using var engine = StarterModel.Start(options => options with { LoadAfter = turn.Task });
        Assert.Equal(new EngineStatus.Loading(0), engine.Status);

        turn.SetResult();

        Assert.True((await engine.WaitForModelAsync(TestContext.Current.CancellationToken)).ContextLength > 0);
    }

    [Fact]
    public async Task Counting_tokens_while_the_engine_closes_is_an_answer_or_a_refusal_and_no_crash()
    {
        var text = string.Concat(Enumerable.Repeat("public int Count { get; set; }\n", 2_000));
        for (var round = 0; round < 5; round++)
        {
            var engine = StarterModel.Start();
            var expected = await engine.CountTokensAsync(text, TestContext.Current.CancellationToken);
            using var counted = new CountdownEvent(2);
            var counting = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
            {
                counted.Signal();
                while (true)
                {
                    Assert.Equal(expected, await engine.CountTokensAsync(text, TestContext.Current.CancellationToken));
                }
            })).ToList();
            counted.Wait(TestContext.Current.CancellationToken);

            await engine.DisposeAsync();

            foreach (var task in counting)
            {
                Assert.Equal(InferenceError.Unavailable, (await Assert.ThrowsAsync<InferenceException>(() => task)).Error);
            }
        }
    }
}
