using System.Collections.Concurrent;
using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.EngineDaemon.Tests;

/// <summary>A folder for engines, hosts in this process, and clients of them over real sockets.</summary>
internal sealed class HostUnderTest : IAsyncDisposable
{
    public const string Build = "test build";

    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentBag<Task<EngineHostEnd>> _hosts = [];
    private readonly CancellationTokenSource _closing = new();
    private readonly List<SharedEngine> _clients = [];

    public HostUnderTest()
    {
        Folder = EngineFolder.Open(_folder.PathOf("engines"));
        Address = Folder.At(EngineAddress.NameOf("a model"));
    }

    public EngineFolder Folder { get; }

    public EngineAddress Address { get; }

    /// <summary>The engine that a host serves; made for each host that gets the address.</summary>
    public Func<IInferenceEngine> CreateEngine { get; set; } = () => new ScriptedEngine(ScriptedEngine.HarmonyModel) { Default = "answer" };

    public TimeProvider HostTime { get; set; } = TimeProvider.System;

    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often a client wanted a process.</summary>
    public int Launches => _launches;

    /// <summary>How often an engine was made: how many hosts got the address.</summary>
    public int Engines => _engines;

    private int _launches;
    private int _engines;

    public Task<EngineHostEnd> Host(CancellationToken cancellationToken = default)
    {
        var options = new EngineHostOptions { Address = Address, Build = Build, Model = "a model", IdleTimeout = IdleTimeout };
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        var host = Task.Run(() => EngineHost.RunAsync(options, () =>
        {
            Interlocked.Increment(ref _engines);
            return CreateEngine();
        }, NullLogger.Instance, HostTime, stop.Token));
        _hosts.Add(host);
        return host;
    }

    /// <summary>A client that starts hosts in this process.</summary>
    public SharedEngine Connect(string build = Build, TimeProvider? time = null, Func<EngineAddress, Task>? start = null)
    {
        var client = SharedEngine.Start(
            new SharedEngineOptions { Address = Address, Build = build, Model = "a model", StartProcess = start ?? Launch },
            NullLogger.Instance,
            time ?? TimeProvider.System);
        _clients.Add(client);
        return client;
    }

    public Task Launch(EngineAddress address)
    {
        Interlocked.Increment(ref _launches);
        return Host();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }

        await _closing.CancelAsync();
        await Task.WhenAll(_hosts.Cast<Task>()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closing.Dispose();
        _folder.Dispose();
    }
}
