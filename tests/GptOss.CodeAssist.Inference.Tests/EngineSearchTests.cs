using Microsoft.Extensions.Time.Testing;

namespace GptOss.CodeAssist.Inference.Tests;

public sealed class EngineSearchTests
{
    private static readonly EngineStatus.Failed Nowhere = new(InferenceError.Unavailable, "There is no engine.");

    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_waits_for_what_is_found()
    {
        var mayFind = new TaskCompletionSource();
        await using var search = Start(async (search, closing) =>
        {
            await mayFind.Task;
            search.Connect("found");
            await Task.Delay(Timeout.Infinite, closing);
        });
        var waiting = search.WaitAsync(Token);
        Assert.False(waiting.IsCompleted);

        mayFind.SetResult();

        Assert.Equal("found", await waiting);
    }

    [Fact]
    public async Task A_request_that_finds_nothing_is_refused_and_has_the_engine_looked_for_again_but_not_too_often()
    {
        var waits = new SemaphoreSlim(0);
        var looked = 0;
        await using var search = Start(async (search, closing) =>
        {
            while (true)
            {
                looked++;
                search.Report(Nowhere);
                var wanted = search.WaitUntilWantedAsync(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), closing);
                waits.Release();
                await wanted;
            }
        });
        await waits.WaitAsync(Token);

        Assert.Equal("There is no engine.", (await Assert.ThrowsAsync<InferenceException>(() => search.WaitAsync(Token))).Message);
        Assert.Equal(1, looked);
        _time.Advance(TimeSpan.FromSeconds(1));
        await waits.WaitAsync(Token);
        Assert.Equal(2, looked);

        // Nobody wanted it since.
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, looked);
        while (!await waits.WaitAsync(0, Token))
        {
            // The wait's second part begins on another thread, and its clock with it.
            _time.Advance(TimeSpan.FromSeconds(29));
            await Task.Yield();
        }
    }

    [Fact]
    public async Task Who_waits_when_it_is_closed_or_fails_is_told_so()
    {
        var closed = Start((_, closing) => Task.Delay(Timeout.Infinite, closing));
        var waiting = closed.WaitAsync(Token);
        await closed.DisposeAsync();
        Assert.Equal("The engine is closed.", (await Assert.ThrowsAsync<InferenceException>(() => waiting)).Message);

        await using var failed = Start((_, _) => throw new InvalidOperationException("no luck"));
        Assert.Equal("It failed: no luck", (await Assert.ThrowsAsync<InferenceException>(() => failed.WaitAsync(Token))).Message);
    }

    private EngineSearch<string> Start(Func<EngineSearch<string>, CancellationToken, Task> look)
    {
        EngineSearch<string>? search = null;
        search = new EngineSearch<string>(closing => look(search!, closing), exception => $"It failed: {exception.Message}", _time);
        search.Start();
        return search;
    }
}
