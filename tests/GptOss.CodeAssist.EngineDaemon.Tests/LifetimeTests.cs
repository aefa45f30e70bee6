using GptOss.CodeAssist.EngineDaemon.Client;
using GptOss.CodeAssist.Inference;
using Microsoft.Extensions.Time.Testing;

namespace GptOss.CodeAssist.EngineDaemon.Tests;

/// <summary>One engine for all, as long as somebody needs it.</summary>
public sealed class LifetimeTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_clients_at_the_same_instant_start_one_engine()
    {
        await using var under = new HostUnderTest();
        using var together = new Barrier(10);
        var clients = Enumerable.Range(0, 10).Select(_ => Task.Factory.StartNew(
            () =>
            {
                together.SignalAndWait(Stop);
                return under.Connect();
            },
            Stop,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default));

        var answers = await Task.WhenAll((await Task.WhenAll(clients)).Select(client => client.AnswerAsync()));

        Assert.Equal(Enumerable.Repeat("answer", 10), answers);
        Assert.Equal((1, 1), (under.Launches, under.Engines));
        Assert.Equal(10, (await EngineVisit.LookAsync(under.Address, TimeProvider.System, Stop))!.Clients);
    }

    [Fact]
    public async Task Of_ten_processes_at_the_same_address_one_hosts_and_nine_leave()
    {
        await using var under = new HostUnderTest();
        var hosts = Enumerable.Range(0, 10).Select(_ => under.Host(Stop)).ToList();

        // The client may come before any of them has the address; it must not bring an eleventh.
        await under.Connect(start: _ => Task.CompletedTask).AnswerAsync();

        for (var left = 0; left < 9; left++)
        {
            var first = await Task.WhenAny(hosts);
            hosts.Remove(first);
            Assert.Equal(EngineHostEnd.AlreadyRunning, await first);
        }

        Assert.Equal(1, under.Engines);
        Assert.False(hosts.Single().IsCompleted);
    }

    [Fact]
    public async Task A_host_leaves_when_nobody_has_needed_it_for_long_enough()
    {
        var time = new FakeTimeProvider();
        await using var under = new HostUnderTest { HostTime = time, IdleTimeout = TimeSpan.FromMinutes(10) };
        Task<EngineHostEnd>? host = null;
        var client = under.Connect(start: _ => host = under.Host(Stop));
        await client.AnswerAsync();
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("answer", await client.AnswerAsync());

        await client.DisposeAsync();

        // The host notices that the client left in its own time; the timer runs from then.
        while (await EngineVisit.LookAsync(under.Address, TimeProvider.System, Stop) is { Clients: > 0 })
        {
            await Task.Yield();
        }

        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(EngineHostEnd.Idle, await host!.WaitAsync(Stop));
        Assert.False(under.Address.IsOwned());
        Assert.Empty(new EngineJournal(under.Address, time).ReadCrashes());
    }

    [Fact]
    public async Task An_engine_that_was_stopped_stays_so_until_somebody_starts_it()
    {
        await using var under = new HostUnderTest();
        var client = under.Connect();
        await client.AnswerAsync();

        var report = await EngineVisit.StopAsync(under.Address, TimeProvider.System, Stop);

        Assert.Equal(Environment.ProcessId, report!.ProcessId);
        var failed = await client.WaitForAsync<EngineStatus.Failed>();
        Assert.Contains("engine start", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(InferenceError.Unavailable, (await Assert.ThrowsAsync<InferenceException>(() => client.AnswerAsync())).Error);
        Assert.Equal(1, under.Launches);
        _ = under.Host(Stop);
        while (client.Status is not EngineStatus.Ready)
        {
            // Asking is what makes it look again.
            await Assert.ThrowsAsync<InferenceException>(() => client.AnswerAsync()).ContinueWith(_ => Task.Yield(), TaskScheduler.Default);
        }

        Assert.Equal("answer", await client.AnswerAsync());
        Assert.Equal(1, under.Launches);
    }

    [Fact]
    public async Task Another_build_is_refused_with_what_to_do()
    {
        await using var under = new HostUnderTest();
        await under.Connect().AnswerAsync();

        var failed = await under.Connect(build: "newer").WaitForAsync<EngineStatus.Failed>();

        Assert.Contains("another build (test build, protocol 1) than this program (newer, protocol 1)", failed.Reason, StringComparison.Ordinal);
        Assert.Contains("engine stop", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_keeps_dying_is_not_started_for_ever()
    {
        await using var under = new HostUnderTest();
        var journal = new EngineJournal(under.Address, TimeProvider.System);
        await File.WriteAllTextAsync(under.Address.LogPath, "starting\nGGML_ASSERT: something is wrong\n\n", Stop);
        for (var crash = 0; crash < RestartPolicy.MaxLoadingCrashes; crash++)
        {
            journal.NoteCrash(wasReady: false);
        }

        var failed = await under.Connect().WaitForAsync<EngineStatus.Failed>();

        Assert.Contains("died 3 times while loading a model", failed.Reason, StringComparison.Ordinal);
        Assert.Contains("GGML_ASSERT: something is wrong", failed.Reason, StringComparison.Ordinal);
        Assert.Contains(under.Address.LogPath, failed.Reason, StringComparison.Ordinal);
        Assert.Equal(0, under.Launches);
        journal.Clear();
        Assert.Equal("answer", await under.Connect().AnswerAsync());
    }

    [Fact]
    public async Task A_process_that_ends_before_it_listens_is_a_crash_and_another_is_started()
    {
        await using var under = new HostUnderTest();
        var starts = 0;

        var client = under.Connect(start: address => ++starts == 1 ? Task.CompletedTask : under.Launch(address));

        Assert.Equal("answer", await client.AnswerAsync());
        Assert.Equal(2, starts);
        Assert.False(Assert.Single(new EngineJournal(under.Address, TimeProvider.System).ReadCrashes()).WasReady);
    }

    [Fact]
    public async Task A_mark_without_a_process_is_a_crash()
    {
        await using var under = new HostUnderTest();
        var journal = new EngineJournal(under.Address, TimeProvider.System);
        journal.NoteStart();
        journal.NoteReady();

        Assert.Equal("answer", await under.Connect().AnswerAsync());

        Assert.True(Assert.Single(journal.ReadCrashes()).WasReady);
    }

    [Fact]
    public async Task A_process_that_cannot_be_started_is_said()
    {
        await using var under = new HostUnderTest();
        var failed = await under.Connect(start: _ => throw new IOException("No such program.")).WaitForAsync<EngineStatus.Failed>();
        Assert.Contains("No such program.", failed.Reason, StringComparison.Ordinal);
        Assert.Contains("--engine embedded", failed.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 1, 2 })]
    [InlineData(new byte[] { 255, 255, 255, 127, 0 })]
    [InlineData(new byte[] { 3, 0, 0, 0, (byte)'{', (byte)'"', (byte)'}' })]
    public async Task A_visitor_who_speaks_another_language_disturbs_nobody(byte[] said)
    {
        await using var under = new HostUnderTest();
        var client = under.Connect();
        await client.AnswerAsync();

        await using (var visitor = await under.Address.FindConnectionAsync(Stop))
        {
            await visitor!.WriteAsync(said, Stop);
        }

        Assert.Equal("answer", await client.AnswerAsync());
        Assert.Equal("answer", await under.Connect().AnswerAsync());
    }

    [Fact]
    public async Task A_visitor_who_says_nothing_is_sent_away()
    {
        var time = new FakeTimeProvider();
        await using var under = new HostUnderTest { HostTime = time };
        await under.Connect().AnswerAsync();
        await using var visitor = await under.Address.FindConnectionAsync(Stop);
        var read = visitor!.ReadAsync(new byte[1], Stop).AsTask();
        while (!read.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(10));
            await Task.Yield();
        }

        Assert.Equal(0, await read);
    }

    [Fact]
    public void Restarts_come_later_and_later_and_then_not_at_all()
    {
        var now = DateTimeOffset.UnixEpoch;
        double?[] waits = [.. Enumerable.Range(0, 7).Select(count => RestartPolicy.FindNextStart([.. Enumerable.Repeat(new EngineCrash(now, true), count)]) is { } next ? Math.Max(0, (next - now).TotalSeconds) : (double?)null)];

        Assert.Equal([0, 0, 2, 5, 15, 30, null], waits);
        Assert.Null(RestartPolicy.FindNextStart([.. Enumerable.Repeat(new EngineCrash(now, false), 3)]));
    }

    [Fact]
    public void Old_crashes_are_forgotten()
    {
        using var folder = new TestSupport.TemporaryFolder();
        var time = new FakeTimeProvider();
        var journal = new EngineJournal(EngineFolder.Open(folder.PathOf("e")).At("a"), time);
        journal.NoteCrash(wasReady: true);
        time.Advance(TimeSpan.FromMinutes(9));
        journal.NoteCrash(wasReady: false);
        Assert.Equal([true, false], journal.ReadCrashes().Select(crash => crash.WasReady));
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal([false], journal.ReadCrashes().Select(crash => crash.WasReady));
    }
}
