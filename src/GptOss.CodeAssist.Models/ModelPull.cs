using System.Collections.Immutable;
using GptOss.CodeAssist.Models.Download;

namespace GptOss.CodeAssist.Models;

/// <summary>Brings a model from the Hub into a <see cref="ModelStore"/>: verified, or not at all.</summary>
/// <remarks>The one thing in the program that opens a connection to the outside, and only when a person asks for it.</remarks>
public sealed class ModelPull : IDisposable
{
    private readonly ModelStore _store;
    private readonly DownloadOptions _options;
    private readonly TimeProvider _time;
    private readonly HubClient _hub;
    private readonly Func<string, long> _freeBytes;

    /// <param name="freeBytes">Bytes that are free in the file system of a folder; null asks the system.</param>
    public ModelPull(ModelStore store, HubOptions hub, DownloadOptions options, TimeProvider time, Func<string, long>? freeBytes = null)
    {
        (_store, _options, _time) = (store, options, time);
        _hub = new HubClient(hub);
        _freeBytes = freeBytes ?? (folder => new DriveInfo(folder).AvailableFreeSpace);
    }

    /// <summary>Fetches all files of a model; one that is there already and has its hash is left alone.</summary>
    /// <param name="progress">Is told a few times a second; from several threads, one at a time.</param>
    /// <returns>The model, whole and verified.</returns>
    /// <exception cref="ModelException">It cannot be had; says why. What was fetched so far is kept for the next try, but for bytes that are known to be wrong.</exception>
    public async Task<StoredModel> RunAsync(ModelSource source, IProgress<PullProgress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            var remotes = await DescribeAsync(source, cancellationToken);
            var folder = Path.GetDirectoryName(_store.PathOf(source.Repository, source.Files[0]))!;
            Directory.CreateDirectory(folder);
            RequireSpace(source, remotes, folder);

            try
            {
                return await FetchAllAsync(source, remotes, progress, cancellationToken);
            }
            catch (IOException exception) when (FullDisk.IsCauseOf(exception))
            {
                var missing = Gigabytes(CountMissing(source, remotes) + _options.ReservedBytes);
                throw new ModelException($"The disk with {_store.Folder} is full. What has come is kept: make room for {missing} (`gptoss-codeassist model list` shows what could go), and ask once more to go on.", exception);
            }
        }
        catch (HttpRequestException exception)
        {
            throw new ModelException(ExplainUnreachable(exception), exception);
        }
        catch (HttpIOException exception)
        {
            throw new ModelException($"The connection to {_hub.Host} broke again and again ({exception.Message}). What has come is kept: ask once more to go on.", exception);
        }
    }

    public void Dispose() => _hub.Dispose();

    /// <summary>What the server says of every file; later files are asked for at the commit of the first, and everything is held to what is known already.</summary>
    private async Task<ImmutableArray<RemoteFile>> DescribeAsync(ModelSource source, CancellationToken cancellationToken)
    {
        var revision = source.Revision;
        var remotes = ImmutableArray.CreateBuilder<RemoteFile>();
        foreach (var file in source.Files)
        {
            using var limit = new CancellationTokenSource(_options.StallTimeout, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            RemoteFile remote;
            try
            {
                remote = await _hub.DescribeAsync(source.Repository, revision, file.Path, either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new ModelException($"{_hub.Host} did not answer within {_options.StallTimeout.TotalSeconds:F0} s; check the network or the proxy (HTTPS_PROXY).");
            }

            if ((file.Bytes is { } bytes && bytes != remote.Bytes) || (file.Sha256 is { } hash && remote.Sha256 is { } told && told != hash))
            {
                throw new ModelException($"{_hub.Host} has another file under the name {file.Path} than the one that {source.Name} stands for; nothing was fetched. Name another mirror with --endpoint.");
            }

            remotes.Add(remote with { Sha256 = file.Sha256 ?? remote.Sha256 });
            revision = remote.Commit ?? revision;
        }

        return remotes.ToImmutable();
    }

    private async Task<StoredModel> FetchAllAsync(ModelSource source, ImmutableArray<RemoteFile> remotes, IProgress<PullProgress>? progress, CancellationToken cancellationToken)
    {
        var meter = new RateMeter(_time, progress, remotes.Sum(remote => remote.Bytes));
        var files = ImmutableArray.CreateBuilder<ModelFile>();
        var done = 0L;
        foreach (var (file, remote) in source.Files.Zip(remotes))
        {
            files.Add(await FetchAsync(source, file, remote, done, meter, cancellationToken));
            done += remote.Bytes;
        }

        var model = new StoredModel
        {
            Name = source.Name,
            Repository = source.Repository,
            Revision = remotes[0].Commit ?? source.Revision,
            Files = files.ToImmutable(),
            IsVerified = remotes.All(remote => remote.Sha256 is not null),
        };
        _store.Add(model);
        return model;
    }

    private void RequireSpace(ModelSource source, ImmutableArray<RemoteFile> remotes, string folder)
    {
        var needed = CountMissing(source, remotes);
        var free = _freeBytes(folder);
        if (needed > 0 && needed + _options.ReservedBytes > free)
        {
            throw new ModelException($"{source.Name} needs {Gigabytes(needed + _options.ReservedBytes)} more in {_store.Folder}, which has {Gigabytes(free)} free. Make room (`gptoss-codeassist model list` shows what could go), or name another folder with the setting modelsFolder.");
        }
    }

    /// <summary>Bytes that are still to come.</summary>
    private long CountMissing(ModelSource source, ImmutableArray<RemoteFile> remotes)
    {
        return source.Files.Zip(remotes).Sum(pair => MissingBytes(_store.PathOf(source.Repository, pair.First), pair.Second.Bytes));

        static long MissingBytes(string path, long bytes)
        {
            if (File.Exists(path))
            {
                return 0;
            }

            // Pieces that never came are holes in the file, which take no space yet; the map knows how many came.
            return File.Exists(path + ChunkMap.Ending) ? Math.Max(0, bytes - ChunkMap.ReadFinishedBytes(path + ChunkMap.Ending)) : bytes;
        }
    }

    private async Task<ModelFile> FetchAsync(ModelSource source, ModelFile file, RemoteFile remote, long done, RateMeter meter, CancellationToken cancellationToken)
    {
        var path = _store.PathOf(source.Repository, file);
        if (File.Exists(path) && new FileInfo(path).Length == remote.Bytes)
        {
            var present = await HashAsync(path, file, done, meter, cancellationToken);
            if (remote.Sha256 is null || present == remote.Sha256)
            {
                return new ModelFile(file.Path, remote.Bytes, present);
            }
        }

        var partial = path + FileDownload.PartialEnding;
        meter.Begin(PullStage.Fetching, file.Name, done);
        var identity = $"{source.Repository} {remote.Commit ?? source.Revision} {file.Path} {remote.Sha256 ?? "-"}";
        await new FileDownload(_hub, remote, path, identity, _options, _time, meter.Add).RunAsync(had => meter.Begin(PullStage.Fetching, file.Name, done + had), cancellationToken);

        var hash = await HashAsync(partial, file, done, meter, cancellationToken);
        if (remote.Sha256 is { } expected && expected != hash)
        {
            File.Delete(partial);
            File.Delete(path + ChunkMap.Ending);
            throw new ModelException($"The bytes of {file.Path} that {_hub.Host} gave are not the published ones (SHA-256 {hash}, wanted {expected}). They were deleted; try again, or name another mirror with --endpoint.");
        }

        File.Move(partial, path, overwrite: true);
        File.Delete(path + ChunkMap.Ending);
        return new ModelFile(file.Path, remote.Bytes, hash);
    }

    private static async Task<string> HashAsync(string path, ModelFile file, long done, RateMeter meter, CancellationToken cancellationToken)
    {
        meter.Begin(PullStage.Verifying, file.Name, done);
        var told = 0L;
        return await FileHash.ComputeAsync(path, read => { meter.Add(read - told); told = read; }, cancellationToken);
    }

    private string ExplainUnreachable(HttpRequestException exception) => exception.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => $"{_hub.Host} cannot be found: this machine seems to be offline, or needs a proxy (HTTPS_PROXY) or a mirror (--endpoint, HF_ENDPOINT). A model file that is here already is used with --model PATH.",
        HttpRequestError.SecureConnectionError => $"{_hub.Host} has no certificate that this machine trusts ({exception.InnerException?.Message ?? exception.Message}); a proxy that opens connections needs its certificate installed in the system.",
        HttpRequestError.ProxyTunnelError => $"The proxy does not let {_hub.Host} through ({exception.Message}); check HTTPS_PROXY, or name a mirror with --endpoint.",
        _ when exception.StatusCode is { } status => $"{_hub.Host} still answers {(int)status} after {_options.MaxAttempts} tries. What has come is kept: ask once more later to go on.",
        _ => $"{_hub.Host} cannot be reached ({exception.Message}). Check the network or the proxy (HTTPS_PROXY), or name a mirror with --endpoint. What has come is kept.",
    };

    private static string Gigabytes(long bytes) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{bytes / 1e9:F1} GB");
}
