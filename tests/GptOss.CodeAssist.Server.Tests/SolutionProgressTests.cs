using GptOss.CodeAssist.Assistant;
using GptOss.CodeAssist.Protocol;
using GptOss.CodeAssist.Rpc;
using GptOss.CodeAssist.Server.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Nerdbank.Streams;

namespace GptOss.CodeAssist.Server.Tests;

/// <summary>Projects being read, shown in an editor.</summary>
public sealed class SolutionProgressTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly TaskCompletionSource _read = new();
    private readonly CancellationTokenSource _over = new();
    private readonly RunningWorks _works = new();
    private readonly RpcConnection _connection;
    private readonly LspClient _client;
    private readonly SolutionProgress _progress;
    private readonly Task _running;

    public SolutionProgressTests()
    {
        var (client, server) = FullDuplexStream.CreatePair();
        _client = new LspClient(client, client);
        _connection = new RpcConnection(server, server, NullLogger.Instance, _time);
        var session = new Session();
        session.Start(ClientProfile.Unknown with { WorkDoneProgress = true });
        _progress = new SolutionProgress(workspaces: null, _connection, _works, session, NullLogger.Instance, _time);
        _running = _connection.RunAsync(_over.Token);
    }

    [Fact]
    public async Task What_takes_long_is_shown_until_it_ends()
    {
        _progress.Show(new WorkspaceLoading("Reading the C# projects of Shop", _read.Task, () => "2 projects", Stop: null));
        _time.Advance(TimeSpan.FromMilliseconds(500));

        var token = (await _client.ReplyAsync("window/workDoneProgress/create")).GetProperty("params").GetProperty("token").GetString();
        Assert.Equal($$$"""{"token":"{{{token}}}","value":{"kind":"begin","title":"Reading the C# projects of Shop","cancellable":false}}""", (await _client.ClaimAsync("$/progress")).GetRawText());
        _read.SetResult();
        Assert.Equal($$$"""{"token":"{{{token}}}","value":{"kind":"end","message":"2 projects"}}""", (await _client.ClaimAsync("$/progress")).GetRawText());
    }

    [Fact]
    public async Task A_person_may_do_without_it()
    {
        _progress.Show(new WorkspaceLoading("Loading", _read.Task, () => "stopped", _read.SetResult));
        _time.Advance(TimeSpan.FromMilliseconds(500));

        var token = (await _client.ReplyAsync("window/workDoneProgress/create")).GetProperty("params").GetProperty("token").GetString();
        Assert.True((await _client.ClaimAsync("$/progress")).GetProperty("value").GetProperty("cancellable").GetBoolean());
        _works.Cancel(new ProgressToken(token!));
        Assert.Equal("stopped", (await _client.ClaimAsync("$/progress")).GetProperty("value").GetProperty("message").GetString());
    }

    [Fact]
    public void What_is_quick_is_not_shown()
    {
        _progress.Show(new WorkspaceLoading("Reading", _read.Task, () => "", Stop: null));
        _read.SetResult();
        _time.Advance(TimeSpan.FromSeconds(1));

        _client.AssertNothingUnclaimed();
    }

    public async ValueTask DisposeAsync()
    {
        _progress.Dispose();
        await _over.CancelAsync();
        await _running;
        await _connection.DisposeAsync();
        await _client.DisposeAsync();
        _over.Dispose();
    }
}
