using System.Globalization;
using System.Text;

namespace GptOss.CodeAssist.Models.Download;

/// <summary>Which pieces of a half-fetched file are there, kept beside it so that a killed download goes on where it was.</summary>
/// <remarks>
/// The first line says what is being fetched, each further one names a finished piece, or a piece and the byte up to which it has come; a line without its end was cut by the kill.
/// A line is written after its bytes were. A power cut may still lose bytes behind a line, which the hash of the whole file finds.
/// May be used from several threads.
/// </remarks>
internal sealed class ChunkMap : IDisposable
{
    public const string Ending = ".chunks";

    private readonly Lock _lock = new();
    /// <summary>The first byte of each piece that is not there yet.</summary>
    private readonly Dictionary<int, long> _reached = [];
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

    /// <summary>Bytes that are there.</summary>
    public long FinishedBytes
    {
        get
        {
            lock (_lock)
            {
                return _reached.Sum(piece => piece.Value - StartOf(piece.Key));
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

    /// <summary>Bytes that are there by the map at <paramref name="path"/>, whatever it is of; an upper bound, 0 where it cannot be read.</summary>
    public static long ReadFinishedBytes(string path)
    {
        try
        {
            var lines = File.ReadAllLines(path);
            if (lines is not [var header, ..] || !long.TryParse(header[(header.LastIndexOf(' ') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var chunkBytes))
            {
                return 0;
            }

            var reached = new Dictionary<int, long>();
            foreach (var line in lines.Skip(1))
            {
                if (ReadLine(line) is { } mark)
                {
                    reached[mark.Chunk] = (mark.Position ?? ((mark.Chunk + 1) * chunkBytes)) - (mark.Chunk * chunkBytes);
                }
            }

            return reached.Values.Sum();
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
            return [.. Enumerable.Range(0, Count).Where(chunk => _reached.GetValueOrDefault(chunk) < EndOf(chunk))];
        }
    }

    public long StartOf(int chunk) => chunk * ChunkBytes;

    /// <summary>The first byte after a piece.</summary>
    public long EndOf(int chunk) => Math.Min(Size, (chunk + 1) * ChunkBytes);

    /// <summary>The first byte of a piece that is not there yet.</summary>
    public long ReachedOf(int chunk)
    {
        lock (_lock)
        {
            return _reached.GetValueOrDefault(chunk, StartOf(chunk));
        }
    }

    /// <summary>Call when a piece's bytes before <paramref name="position"/> are written.</summary>
    public void Reach(int chunk, long position)
    {
        lock (_lock)
        {
            _reached[chunk] = position;
            _file.Write(Encoding.ASCII.GetBytes(position == EndOf(chunk)
                ? string.Create(CultureInfo.InvariantCulture, $"{chunk}\n")
                : string.Create(CultureInfo.InvariantCulture, $"{chunk} {position}\n")));
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
                if (ReadLine(line) is { Chunk: var chunk } mark && chunk < Count && (mark.Position is not { } position || (position >= StartOf(chunk) && position <= EndOf(chunk))))
                {
                    _reached[chunk] = mark.Position ?? EndOf(chunk);
                }
            }

            _file.SetLength(whole);
            return;
        }

        _file.SetLength(0);
        _file.Write(Encoding.ASCII.GetBytes(header + "\n"));
        _file.Flush();
    }

    /// <summary>A piece, and how far it has come; a null position means to its end. Null for a line that is none.</summary>
    private static (int Chunk, long? Position)? ReadLine(string line)
    {
        var words = line.Split(' ');
        if (words.Length > 2 || !int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var chunk))
        {
            return null;
        }

        return words.Length == 1 ? (chunk, null)
            : long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? (chunk, position)
            : null;
    }
}
