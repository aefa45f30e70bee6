using System.Buffers;
using System.Net;
using System.Threading.Channels;
using Microsoft.Win32.SafeHandles;

namespace GptOss.CodeAssist.Models.Download;

/// <summary>Fetches one file in pieces, several at a time; what is there already is not fetched again.</summary>
/// <param name="hub">Who is asked.</param>
/// <param name="remote">What is fetched, as the server describes it.</param>
/// <param name="path">Full path of the finished file; the bytes are gathered beside it under <see cref="PartialEnding"/>.</param>
/// <param name="identity">What is being fetched, on one line, with its hash where that is known.</param>
/// <param name="received">Is told every number of bytes that arrived; from several threads.</param>
internal sealed class FileDownload(HubClient hub, RemoteFile remote, string path, string identity, DownloadOptions options, TimeProvider time, Action<long> received)
{
    public const string PartialEnding = ".partial";
    private const int BufferBytes = 256 * 1024;

    /// <summary>Where the last answer came from; its signature may expire, and then the first address is asked again.</summary>
    private volatile Uri? _location;

    /// <summary>Fetches what is missing.</summary>
    /// <param name="resumed">Is told once how many bytes were there already.</param>
    /// <exception cref="ModelException">The server cannot give the file, or another process is fetching it.</exception>
    /// <exception cref="HttpRequestException">The server could not be reached, again and again.</exception>
    public async Task RunAsync(Action<long> resumed, CancellationToken cancellationToken)
    {
        var hasRanges = await ProbeAsync(cancellationToken);
        using var file = OpenPartial();
        using var map = ChunkMap.Open(path + ChunkMap.Ending, identity, remote.Bytes, hasRanges ? options.ChunkBytes : Math.Max(1, remote.Bytes));
        if (RandomAccess.GetLength(file) != remote.Bytes)
        {
            Enlarge(file);
        }

        resumed(map.FinishedBytes);
        var missing = map.ListMissing();
        var chunks = Channel.CreateUnbounded<int>();
        foreach (var chunk in missing)
        {
            chunks.Writer.TryWrite(chunk);
        }

        chunks.Writer.Complete();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var workers = Enumerable.Range(0, Math.Clamp(missing.Count, 1, options.Connections)).Select(_ => WorkAsync(file, map, chunks.Reader, stop)).ToList();
        try
        {
            await Task.WhenAll(workers);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // One worker's failure stopped the others; it is the one to tell.
            await (workers.Find(worker => worker.IsFaulted) ?? Task.WhenAll(workers));
            throw;
        }
    }

    private SafeFileHandle OpenPartial()
    {
        try
        {
            return File.OpenHandle(path + PartialEnding, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, FileOptions.Asynchronous);
        }
        catch (IOException exception) when (exception is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new ModelException($"{path}{PartialEnding} cannot be opened ({exception.Message}); if another `model pull` is fetching it, wait for that one.", exception);
        }
    }

    private void Enlarge(SafeFileHandle file)
    {
        try
        {
            RandomAccess.SetLength(file, remote.Bytes);
        }
        catch (ArgumentOutOfRangeException exception)
        {
            // What .NET makes of EFBIG: FAT32 holds 4 GB.
            throw new ModelException($"The disk with {path} holds no file of {remote.Bytes:N0} bytes. Name a folder on another one with the setting modelsFolder.", exception);
        }
    }

    /// <summary>Whether the server gives pieces. One that does not is read from the first byte to the last.</summary>
    private async Task<bool> ProbeAsync(CancellationToken cancellationToken)
    {
        if (remote.Bytes <= 1)
        {
            return false;
        }

        var hasRanges = false;
        await new Retry(options, time).RunAsync(async attempt =>
        {
            using var response = await GetAsync(0, 0, cancellationToken);
            hasRanges = response.StatusCode == HttpStatusCode.PartialContent;
            CheckLength(response);
            return attempt;
        }, isDone: _ => true, cancellationToken);
        return hasRanges;
    }

    private async Task WorkAsync(SafeFileHandle file, ChunkMap map, ChannelReader<int> chunks, CancellationTokenSource stop)
    {
        try
        {
            await foreach (var chunk in chunks.ReadAllAsync(stop.Token))
            {
                var (position, marked, end) = (map.ReachedOf(chunk), map.ReachedOf(chunk), map.EndOf(chunk));
                await new Retry(options, time).RunAsync(
                    async _ =>
                    {
                        var before = position;
                        try
                        {
                            await ReadAsync(file, position, end, Written, stop.Token);
                        }
                        catch (Exception exception) when (position > before && Retry.IsTransient(exception))
                        {
                            // Some of it came: that is no failed attempt.
                        }

                        return position;
                    },
                    isDone: reached => reached == end,
                    stop.Token);
                map.Reach(chunk, end);

                void Written(long reached)
                {
                    position = reached;
                    if (position - marked >= options.MarkBytes && position < end)
                    {
                        map.Reach(chunk, marked = position);
                    }
                }
            }
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
    }

    /// <summary>Reads as much of a piece as one answer brings.</summary>
    private async Task ReadAsync(SafeFileHandle file, long position, long end, Action<long> written, CancellationToken cancellationToken)
    {
        using var response = await GetAsync(position, end - 1, cancellationToken);
        CheckLength(response);
        var skip = 0L;
        if (response.StatusCode == HttpStatusCode.OK)
        {
            skip = position;
        }
        else if (response.Content.Headers.ContentRange?.From != position)
        {
            throw new ModelException($"{hub.Host} answers with other bytes of {Path.GetFileName(path)} than those that it was asked for; name another mirror with --endpoint.");
        }

        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var stall = new CancellationTokenSource(options.StallTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stall.Token, cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (position < end)
            {
                var wanted = (int)Math.Min(buffer.Length, skip > 0 ? skip : end - position);
                var read = await body.ReadAsync(buffer.AsMemory(0, wanted), either.Token);
                if (read == 0)
                {
                    throw new HttpIOException(HttpRequestError.ResponseEnded, "The connection ended early.");
                }

                stall.CancelAfter(options.StallTimeout);
                if (skip > 0)
                {
                    skip -= read;
                    continue;
                }

                await RandomAccess.WriteAsync(file, buffer.AsMemory(0, read), position, cancellationToken);
                written(position += read);
                received(read);
            }
        }
        catch (OperationCanceledException) when (stall.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new HttpIOException(HttpRequestError.Unknown, $"The connection brought nothing for {options.StallTimeout.TotalSeconds:F0} s.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<HttpResponseMessage> GetAsync(long from, long to, CancellationToken cancellationToken)
    {
        using var stall = new CancellationTokenSource(options.StallTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stall.Token, cancellationToken);
        var known = _location;
        try
        {
            var (response, address) = await hub.GetAsync(known ?? remote.Address, from, to, either.Token);
            if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent)
            {
                _location = address;
                return response;
            }

            using (response)
            {
                // A signed address has expired, or its server is worse than another may be.
                _location = null;
                throw known is not null && known != remote.Address
                    ? new HttpRequestException(HttpRequestError.Unknown, $"{address.Host} answers {(int)response.StatusCode}.", statusCode: HttpStatusCode.ServiceUnavailable)
                    : Retry.IsTransient(response.StatusCode)
                        ? new RetryLaterException(response)
                        : hub.Refusal(response, Path.GetFileName(path), remote.Commit ?? "asked for");
            }
        }
        catch (OperationCanceledException) when (stall.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new HttpIOException(HttpRequestError.Unknown, $"{hub.Host} did not answer for {options.StallTimeout.TotalSeconds:F0} s.");
        }
    }

    private void CheckLength(HttpResponseMessage response)
    {
        var length = response.StatusCode == HttpStatusCode.OK ? response.Content.Headers.ContentLength : response.Content.Headers.ContentRange?.Length;
        if (length is { } told && told != remote.Bytes)
        {
            throw new ModelException($"{hub.Host} says that {Path.GetFileName(path)} has {told:N0} bytes, where it has {remote.Bytes:N0}; the file was replaced, or the mirror is broken. Name another with --endpoint.");
        }
    }
}
