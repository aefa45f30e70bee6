using System.Globalization;
using System.Text;

namespace GptOss.CodeAssist.Models.Download;

/// <summary>Which pieces of a half-fetched file are there, kept beside it so that a killed download goes on where it was.</summary>
/// <remarks>
/// The first line says what is being fetched, each further one names a finished piece; a line without its end was cut by the kill.
/// A piece is written down after its bytes were. A power cut may still lose bytes behind a line, which the hash of the whole file finds.
/// May be used from several threads.
/// </remarks>
internal sealed class ChunkMap : IDisposable
{
    public const string Ending = ".chunks";

    private readonly Lock _lock = new();
    private readonly HashSet<int> _finished = [];
    private readonly FileStream _file;

    private ChunkMap(FileStream file, long size, long chunkBytes)
    {
        _file = file;
        Size = size;
        ChunkBytes = chunkBytes;
        Count = (int)((size + chunkBytes - 1) / chunkBytes);
    }

    public long Size { get; }

    public long ChunkBytes { get; }

    public int Count { get; }

    /// <summary>Bytes in finished pieces.</summary>
    public long FinishedBytes
    {
        get
        {
            lock (_lock)
            {
                return _finished.Sum(chunk => EndOf(chunk) - StartOf(chunk));
            }
        }
    }

    /// <summary>Goes on with the map at <paramref name="path"/>, or begins it anew where it belongs to something else.</summary>
    /// <param name="identity">What is being fetched, on one line; pieces of anything else are worthless.</param>
    public static ChunkMap Open(string path, string identity, long size, long chunkBytes)
    {
        var header = string.Create(CultureInfo.InvariantCulture, $"{identity} {size} {chunkBytes}");
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            var map = new ChunkMap(file, size, chunkBytes);
            map.Read(header);
            return map;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Bytes in finished pieces of the map at <paramref name="path"/>, whatever it is of; an upper bound, 0 where it cannot be read.</summary>
    public static long ReadFinishedBytes(string path)
    {
        try
        {
            var lines = File.ReadAllLines(path);
            return lines is [var header, ..] && long.TryParse(header[(header.LastIndexOf(' ') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var chunkBytes)
                ? (lines.Length - 1) * chunkBytes
                : 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    public IReadOnlyList<int> ListMissing()
    {
        lock (_lock)
        {
            return [.. Enumerable.Range(0, Count).Where(chunk => !_finished.Contains(chunk))];
        }
    }

    public long StartOf(int chunk) => chunk * ChunkBytes;

    /// <summary>The first byte after a piece.</summary>
    public long EndOf(int chunk) => Math.Min(Size, (chunk + 1) * ChunkBytes);

    /// <summary>Call when a piece's bytes are written.</summary>
    public void Finish(int chunk)
    {
        lock (_lock)
        {
            _finished.Add(chunk);
            _file.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{chunk}\n")));
            _file.Flush();
        }
    }

    public void Dispose() => _file.Dispose();

    private void Read(string header)
    {
        var bytes = new byte[_file.Length];
        _file.ReadExactly(bytes);
        var text = Encoding.ASCII.GetString(bytes);
        var whole = text.LastIndexOf('\n') + 1;
        if (text[..whole].Split('\n', StringSplitOptions.RemoveEmptyEntries) is [var first, .. var finished] && first == header)
        {
            foreach (var line in finished)
            {
                if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var chunk) && chunk < Count)
                {
                    _finished.Add(chunk);
                }
            }

            _file.SetLength(whole);
            return;
        }

        _file.SetLength(0);
        _file.Write(Encoding.ASCII.GetBytes(header + "\n"));
        _file.Flush();
    }
}
