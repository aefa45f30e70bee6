using System.Security.Cryptography;
using GptOss.CodeAssist.Models.Download;
using GptOss.CodeAssist.TestSupport;
using GptOss.CodeAssist.TestSupport.Hub;

namespace GptOss.CodeAssist.Models.Tests;

/// <summary>A server with one model of random bytes, and an empty store.</summary>
internal sealed class PullFixture : IAsyncDisposable
{
    public const string Name = "owner/repo:model.gguf";
    private readonly TemporaryFolder _folder = new();

    public PullFixture(int bytes = 1_000_003)
    {
        Bytes = RandomNumberGenerator.GetBytes(bytes);
        Server.Files["owner/repo/model.gguf"] = Bytes;
        Store = new ModelStore(_folder.PathOf("models"));
    }

    public HubServer Server { get; } = new();

    public ModelStore Store { get; }

    public byte[] Bytes { get; }

    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Bytes));

    public string Path => System.IO.Path.Combine(Store.Folder, "owner", "repo", "model.gguf");

    public DownloadOptions Options { get; init; } = new() { Connections = 3, ChunkBytes = 64 * 1024, MaxAttempts = 3, FirstRetryDelay = TimeSpan.Zero, MaxRetryDelay = TimeSpan.Zero };

    public string? Token { get; init; }

    public Func<string, long> FreeBytes { get; init; } = _ => long.MaxValue;

    public List<PullProgress> Told { get; } = [];

    /// <summary>Ranges of the bytes that were asked for, without the first question whether there are ranges.</summary>
    public IEnumerable<HubRequest> Pieces => Server.Requests.Where(request => request.IsForBytes && request.To != 0);

    public Task<StoredModel> PullAsync(string name = Name) => PullAsync(ModelSource.Parse(name));

    public Task<StoredModel> PullAsync(ModelSource source) => PullUntilAsync(source, TestContext.Current.CancellationToken);

    public async Task<StoredModel> PullUntilAsync(ModelSource source, CancellationToken cancellationToken)
    {
        using var pull = new ModelPull(Store, new HubOptions { Endpoint = new Uri(Server.Endpoint), Token = Token }, Options, TimeProvider.System, FreeBytes);
        return await pull.RunAsync(source, new Listener(Told), cancellationToken);
    }

    public async Task<string> FailAsync(string name = Name) => (await Assert.ThrowsAsync<ModelException>(() => PullAsync(name))).Message;

    public async Task CheckStoredAsync(StoredModel model)
    {
        Assert.Equal(Path, Store.PathOf(model));
        Assert.Equal(Bytes, await File.ReadAllBytesAsync(Path));
        Assert.Equal(["model.gguf", "model.gguf.model.json"], FilesLeft());
        var listed = Assert.Single(Store.List());
        Assert.Equal((Name, HubServer.Commit, Hash), (listed.Name, listed.Revision, listed.Files[0].Sha256));
    }

    public string[] FilesLeft() => Directory.Exists(Store.Folder)
        ? [.. Directory.EnumerateFiles(Store.Folder, "*", SearchOption.AllDirectories).Select(file => System.IO.Path.GetFileName(file)).Order(StringComparer.Ordinal)]
        : [];

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Dispose();
    }

    private sealed class Listener(List<PullProgress> told) : IProgress<PullProgress>
    {
        public void Report(PullProgress value) => told.Add(value);
    }
}
