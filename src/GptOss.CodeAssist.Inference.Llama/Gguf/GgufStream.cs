using System.Buffers.Binary;

namespace GptOss.CodeAssist.Inference.Llama.Gguf;

/// <summary>Reads a GGUF file's primitives in order, never more than is there and never more than asked for.</summary>
/// <remarks>Every length comes from the file, so it is compared with the bytes that are left before anything is allocated.</remarks>
internal sealed class GgufStream : IDisposable
{
    private readonly FileStream _stream;
    private readonly string _path;

    public GgufStream(string path)
    {
        _path = path;
        _stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 64 * 1024, FileOptions.SequentialScan);
        Length = _stream.Length;
    }

    /// <summary>Bytes in the file.</summary>
    public long Length { get; }

    public long Position
    {
        get => _stream.Position;
        set => _stream.Position = value;
    }

    public long Remaining => Length - Position;

    public uint ReadUInt32()
    {
        Span<byte> bytes = stackalloc byte[4];
        ReadExactly(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    public ulong ReadUInt64()
    {
        Span<byte> bytes = stackalloc byte[8];
        ReadExactly(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>Reads a number of things of which each takes at least <paramref name="leastBytes"/> bytes, so that no count is believed that the file cannot hold.</summary>
    public int ReadCount(string what, int leastBytes, int most)
    {
        var count = ReadUInt64();
        if (count > (ulong)most)
        {
            throw Invalid($"claims {count} {what}; at most {most} are accepted");
        }

        if (count * (ulong)leastBytes > (ulong)Remaining)
        {
            throw Truncated();
        }

        return (int)count;
    }

    /// <summary>Reads a length-prefixed byte string.</summary>
    public byte[] ReadBytes(string what, int most)
    {
        var length = ReadCount($"bytes in {what}", leastBytes: 1, most);
        var bytes = new byte[length];
        ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Passes over a length-prefixed byte string.</summary>
    public void SkipBytes()
    {
        var length = ReadUInt64();
        Skip(length);
    }

    public void Skip(ulong bytes)
    {
        if (bytes > (ulong)Remaining)
        {
            throw Truncated();
        }

        Position += (long)bytes;
    }

    public void ReadExactly(Span<byte> bytes)
    {
        if (_stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw Truncated();
        }
    }

    /// <summary>The file says something that no model file says.</summary>
    public InferenceException Invalid(string problem) => GgufErrors.Invalid(_path, problem);

    /// <summary>The file ends inside its header.</summary>
    public InferenceException Truncated() => GgufErrors.TruncatedHeader(_path, Length);

    public void Dispose() => _stream.Dispose();
}
