using System.Collections.Concurrent;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace GptOss.CodeAssist.Rpc.Tests;

public sealed class RequestQueueTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Mutating_requests_do_not_overlap_and_keep_their_order()
    {
        await using var queue = Start();
        var (running, most, order) = (0, 0, new ConcurrentQueue<int>());

        await Task.WhenAll(Enumerable.Range(0, 50).Select(number => Enqueue<int>(queue, RequestMode.Mutating, async _ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await Task.Yield();
            order.Enqueue(number);
            Interlocked.Decrement(ref running);
            return number;
        })));

        Assert.Equal(1, most);
        Assert.Equal(Enumerable.Range(0, 50), order);
    }

    [Theory]
    [InlineData(RequestMode.ReadOnly)]
    [InlineData(RequestMode.Background)]
    public async Task A_read_waits_for_every_earlier_mutation(RequestMode mode)
    {
        await using var queue = Start();
        var gate = new TaskCompletionSource();
        var state = 0;
        var mutation = Enqueue<int>(queue, RequestMode.Mutating, async _ =>
        {
            await gate.Task;
            return state = 1;
        });

        var read = Read(queue, mode, () => state, Task.CompletedTask);

        Assert.False(read.IsCompleted);
        gate.SetResult();
        Assert.Equal(1, await read.WaitAsync(Patience, TestContext.Current.CancellationToken));
        await mutation;
    }

    [Fact]
    public async Task A_mutation_does_not_wait_for_an_earlier_read_and_the_read_keeps_what_it_saw()
    {
        await using var queue = Start();
        var gate = new TaskCompletionSource();
        var state = 0;
        var read = Read(queue, RequestMode.ReadOnly, () => state, gate.Task);

        Assert.Equal(1, await Enqueue(queue, RequestMode.Mutating, _ => Task.FromResult(state = 1)).WaitAsync(Patience, TestContext.Current.CancellationToken));

        gate.SetResult();
        Assert.Equal(0, await read);
    }

    [Fact]
    public async Task A_read_that_blocks_its_thread_does_not_block_the_queue()
    {
        await using var queue = Start();
        using var gate = new ManualResetEventSlim();
        var read = Enqueue(queue, RequestMode.ReadOnly, _ =>
        {
            gate.Wait(Patience, CancellationToken.None);
            return Task.FromResult(1);
        });

        Assert.Equal(2, await Enqueue(queue, RequestMode.Mutating, _ => Task.FromResult(2)).WaitAsync(Patience, TestContext.Current.CancellationToken));

        gate.Set();
        Assert.Equal(1, await read);
    }

    [Fact]
    public async Task An_out_of_band_request_answers_while_the_queue_is_stuck()
    {
        await using var queue = Start();
        var gate = new TaskCompletionSource<int>();
        var stuck = Enqueue(queue, RequestMode.Mutating, _ => gate.Task);

        Assert.Equal(7, await Enqueue(queue, RequestMode.OutOfBand, _ => Task.FromResult(7)).WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Equal(1, queue.RequestsInFlight);

        gate.SetResult(0);
        await stuck;
    }

    [Theory]
    [InlineData(RequestMode.ReadOnly)]
    [InlineData(RequestMode.Background)]
    [InlineData(RequestMode.OutOfBand)]
    public async Task A_throwing_read_answers_with_its_failure_and_the_queue_lives(RequestMode mode)
    {
        await using var queue = Start();

        await Assert.ThrowsAsync<FormatException>(() => Enqueue<int>(queue, mode, _ => throw new FormatException()));
        await Assert.ThrowsAsync<FormatException>(() => queue.Enqueue<int>(new RequestInfo("read", "1", mode), () => throw new FormatException(), null, CancellationToken.None));

        Assert.Equal(3, await Enqueue(queue, RequestMode.Mutating, _ => Task.FromResult(3)));
        Assert.False(queue.Completion.IsCompleted);
    }

    [Fact]
    public async Task A_failing_mutation_ends_the_queue_and_answers_everything_behind_it()
    {
        await using var queue = Start();
        var gate = new TaskCompletionSource();
        var failing = Enqueue<int>(queue, RequestMode.Mutating, async _ =>
        {
            await gate.Task;
            throw new FormatException("half-way");
        });
        var behind = Enqueue(queue, RequestMode.Mutating, _ => Task.FromResult(1));
        gate.SetResult();

        await Assert.ThrowsAsync<FormatException>(() => failing);
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => behind);
        var report = await Assert.ThrowsAsync<QueueFailedException>(() => queue.Completion.WaitAsync(Patience, TestContext.Current.CancellationToken));
        var late = await Assert.ThrowsAsync<RequestFailedException>(() => Enqueue(queue, RequestMode.Mutating, _ => Task.FromResult(1)));

        Assert.Contains("half-way", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("half-way", report.Message, StringComparison.Ordinal);
        Assert.Equal(RequestErrorCode.InvalidRequest, late.Code);
    }

    [Fact]
    public async Task A_refused_mutation_harms_nothing()
    {
        await using var queue = Start();

        await Assert.ThrowsAsync<RequestFailedException>(() => Enqueue<int>(queue, RequestMode.Mutating, _ => throw new RequestFailedException(RequestErrorCode.InvalidRequest, "no")));

        Assert.Equal(3, await Enqueue(queue, RequestMode.Mutating, _ => Task.FromResult(3)));
    }

    [Fact]
    public async Task A_cancelled_read_is_answered_at_once_and_its_work_is_told()
    {
        await using var queue = Start();
        using var cancellation = new CancellationTokenSource();
        var (entered, told, gate) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        var read = Enqueue(
            queue,
            RequestMode.ReadOnly,
            async token =>
            {
                await using var registration = token.UnsafeRegister(_ => told.SetResult(), null);
                entered.SetResult();
                await gate.Task;
                return 1;
            },
            cancellation.Token);
        await entered.Task;

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        await told.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        gate.SetResult();
    }

    [Fact]
    public async Task A_read_cancelled_while_it_waits_never_starts()
    {
        await using var queue = Start();
        using var cancellation = new CancellationTokenSource();
        var (gate, started) = (new TaskCompletionSource<int>(), false);
        var mutation = Enqueue(queue, RequestMode.Mutating, _ => gate.Task);
        var read = Enqueue(queue, RequestMode.ReadOnly, _ => Task.FromResult(started = true), cancellation.Token);

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        gate.SetResult(0);
        await mutation;
        await Enqueue(queue, RequestMode.Mutating, _ => Task.FromResult(0));

        Assert.False(started);
    }

    [Fact]
    public async Task A_mutation_is_not_cancelled_half_way()
    {
        await using var queue = Start();
        using var cancellation = new CancellationTokenSource();
        var gate = new TaskCompletionSource<int>();
        var mutation = Enqueue(queue, RequestMode.Mutating, _ => gate.Task, cancellation.Token);

        await cancellation.CancelAsync();
        gate.SetResult(5);

        Assert.Equal(5, await mutation);
    }

    [Fact]
    public async Task A_newer_request_takes_the_place_of_the_older_of_its_key_and_of_no_other()
    {
        await using var queue = Start();
        var told = new TaskCompletionSource();
        Task<string> Ask(string key, string answer, Func<CancellationToken, Task<string>> work) =>
            queue.Enqueue(new RequestInfo("ask", "1", RequestMode.ReadOnly), () => work, new Supersede<string>(key, answer), CancellationToken.None);
        async Task<string> Endless(CancellationToken token)
        {
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, token);
            }
            finally
            {
                told.TrySetResult();
            }

            return "never";
        }

        var gate = new TaskCompletionSource<string>();
        var older = Ask("a", "superseded", Endless);
        var other = Ask("b", "superseded", _ => gate.Task);
        await Enqueue(queue, RequestMode.Mutating, _ => Task.FromResult(0));
        var newer = Ask("a", "superseded", _ => Task.FromResult("newer"));
        var newest = Ask("c", "superseded", _ => Task.FromResult("newest"));

        Assert.Equal("superseded", await older.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Equal(("newer", "newest"), (await newer, await newest));
        gate.SetResult("other");
        Assert.Equal("other", await other);
        await told.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Closing_cancels_what_runs_and_answers_what_waits()
    {
        var queue = Start();
        var entered = new TaskCompletionSource();
        async Task<int> Endless(CancellationToken token)
        {
            entered.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            return 0;
        }

        var read = Enqueue(queue, RequestMode.ReadOnly, Endless);
        await entered.Task;
        var mutation = Enqueue(queue, RequestMode.Mutating, Endless);
        var waiting = Enqueue(queue, RequestMode.ReadOnly, _ => Task.FromResult(0));

        await queue.DisposeAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => mutation);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(0, queue.RequestsInFlight);
        await queue.DisposeAsync();
    }

    [Fact]
    public async Task Closing_does_not_wait_for_ever_for_work_that_does_not_stop()
    {
        var time = new FakeTimeProvider();
        var queue = new RequestQueue(NullLogger.Instance, time);
        var (entered, gate) = (new TaskCompletionSource(), new TaskCompletionSource<int>());
        var deaf = Enqueue(queue, RequestMode.Mutating, _ =>
        {
            entered.SetResult();
            return gate.Task;
        });
        await entered.Task;

        var closing = queue.DisposeAsync().AsTask();
        Assert.False(closing.IsCompleted);

        // Closing may not have looked at the clock yet when it is turned.
        while (!closing.IsCompleted)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }

        await closing;

        gate.SetResult(1);
        Assert.Equal(1, await deaf);
    }

    [Fact]
    public async Task Only_a_few_background_works_run_at_once()
    {
        await using var queue = Start();
        var (running, most) = (0, 0);
        var all = Enumerable.Range(0, 20).Select(_ => Enqueue<int>(queue, RequestMode.Background, async _ =>
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            await Task.Yield();
            Interlocked.Decrement(ref running);
            return 0;
        })).ToArray();

        await Task.WhenAll(all);

        Assert.InRange(most, 1, 2);
    }

    [Fact]
    public async Task Every_read_sees_exactly_the_mutations_received_before_it()
    {
        var modes = Gen.Int[0, 2].Select(mode => (RequestMode)mode);
        await modes.List[0, 60].SampleAsync(
            async sequence =>
            {
                await using var queue = Start();
                var state = 0;
                var (answers, expected, mutations) = (new List<Task<int>>(), new List<int>(), 0);
                foreach (var mode in sequence)
                {
                    if (mode == RequestMode.Mutating)
                    {
                        mutations++;
                        answers.Add(Enqueue<int>(queue, mode, async _ =>
                        {
                            var before = state;
                            await Task.Yield();
                            return state = before + 1;
                        }));
                    }
                    else
                    {
                        answers.Add(Read(queue, mode, () => state, Task.CompletedTask));
                    }

                    expected.Add(mutations);
                }

                Assert.Equal(expected, await Task.WhenAll(answers));
            },
            iter: 200);
    }

    private static RequestQueue Start() => new(NullLogger.Instance, TimeProvider.System);

    private static Task<T> Enqueue<T>(RequestQueue queue, RequestMode mode, Func<CancellationToken, Task<T>> work, CancellationToken? cancellationToken = null) =>
        queue.Enqueue(new RequestInfo("test", "1", mode), () => work, null, cancellationToken ?? CancellationToken.None);

    /// <summary>Looks at the state when its turn comes, and answers with what it saw when <paramref name="gate"/> opens.</summary>
    private static Task<int> Read(RequestQueue queue, RequestMode mode, Func<int> look, Task gate) => queue.Enqueue<int>(
        new RequestInfo("read", "1", mode),
        () =>
        {
            var seen = look();
            return async _ =>
            {
                await gate;
                return seen;
            };
        },
        null,
        CancellationToken.None);

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref target);
        }
        while (seen < value && Interlocked.CompareExchange(ref target, value, seen) != seen);
    }
}
