using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace GptOss.CodeAssist.Inference.Llama.Gguf;

/// <summary>The header of one GGUF file: what the file says about itself, without its weights.</summary>
/// <remarks>
/// llama.cpp ends the process on some of what a damaged or hostile file can say, so the header is read here first.
/// Immutable, and holds no file open; arrays are fetched from the file when they are asked for.
/// The format is described in llama.cpp's ggml/include/gguf.h.
/// </remarks>
public sealed record GgufFile
{
    /// <summary>The file as it was named.</summary>
    public required string Path { get; init; }

    /// <summary>The format version, 2 or 3.</summary>
    public required uint Version { get; init; }

    /// <summary>All key-value pairs.</summary>
    public required FrozenDictionary<string, GgufValue> Metadata { get; init; }

    /// <summary>All tensors, in file order.</summary>
    public required ImmutableArray<GgufTensor> Tensors { get; init; }

    /// <summary>Tensor data begin at multiples of this many bytes; a power of two.</summary>
    public required uint Alignment { get; init; }

    /// <summary>First byte of tensor data, counted from the start of the file.</summary>
    public required long DataOffset { get; init; }

    /// <summary>Bytes in the file.</summary>
    public required long Length { get; init; }

    /// <summary>Reads the header of the file at <paramref name="path"/>, and nothing else.</summary>
    /// <exception cref="InferenceException">
    /// <see cref="InferenceError.ModelNotFound"/> where there is no file; <see cref="InferenceError.ModelInvalid"/> where it is a folder, not GGUF,
    /// of another version, cut short or damaged. The message says which, and what to do.
    /// </exception>
    public static GgufFile Read(string path) => Access(path, stream => new GgufHeaderReader(path, stream).Read());

    /// <summary>The integer under <paramref name="key"/>, or null where there is none or it is of another type.</summary>
    public long? FindInteger(string key) =>
        Metadata.GetValueOrDefault(key) is GgufValue.WholeNumber { Value: var value } && value >= long.MinValue && value <= long.MaxValue ? (long)value : null;

    /// <summary>The floating-point number under <paramref name="key"/>, or null.</summary>
    public double? FindNumber(string key) => (Metadata.GetValueOrDefault(key) as GgufValue.Number)?.Value;

    /// <summary>The truth value under <paramref name="key"/>, or null.</summary>
    public bool? FindBoolean(string key) => (Metadata.GetValueOrDefault(key) as GgufValue.Boolean)?.Value;

    /// <summary>The text under <paramref name="key"/>, or null.</summary>
    public string? FindText(string key) => (Metadata.GetValueOrDefault(key) as GgufValue.Text)?.Value;

    /// <summary>The array under <paramref name="key"/>, or null.</summary>
    public GgufValue.Array? FindArray(string key) => Metadata.GetValueOrDefault(key) as GgufValue.Array;

    /// <summary>Reads an array of texts from the file, as the bytes that are there.</summary>
    /// <exception cref="ArgumentException">The array holds something else.</exception>
    /// <exception cref="InferenceException">The file has changed or gone since its header was read.</exception>
    public ImmutableArray<byte[]> ReadTexts(GgufValue.Array array)
    {
        if (array.ElementType != GgufValueType.Text)
        {
            throw new ArgumentException($"An array of {array.ElementType} holds no texts.", nameof(array));
        }

        return Access(Path, stream =>
        {
            stream.Position = array.Offset;
            var texts = ImmutableArray.CreateBuilder<byte[]>((int)array.Count);
            for (var i = 0; i < array.Count; i++)
            {
                texts.Add(stream.ReadBytes("an array's text", GgufHeaderReader.MostTextBytes));
            }

            return texts.MoveToImmutable();
        });
    }

    /// <summary>Reads an array of 32-bit integers from the file.</summary>
    /// <inheritdoc cref="ReadTexts"/>
    public ImmutableArray<int> ReadInt32s(GgufValue.Array array)
    {
        if (array.ElementType is not (GgufValueType.Int32 or GgufValueType.UInt32))
        {
            throw new ArgumentException($"An array of {array.ElementType} holds no 32-bit integers.", nameof(array));
        }

        return Access(Path, stream =>
        {
            stream.Position = array.Offset;
            var integers = new int[array.Count];
            stream.ReadExactly(MemoryMarshal.AsBytes(integers.AsSpan()));
            if (!BitConverter.IsLittleEndian)
            {
                BinaryPrimitives.ReverseEndianness(integers, integers);
            }

            return ImmutableCollectionsMarshal.AsImmutableArray(integers);
        });
    }

    private static T Access<T>(string path, Func<GgufStream, T> read)
    {
        if (Directory.Exists(path))
        {
            throw GgufErrors.IsFolder(path);
        }

        if (!File.Exists(path))
        {
            throw GgufErrors.NotFound(path);
        }

        try
        {
            using var stream = new GgufStream(path);
            return read(stream);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw GgufErrors.Unreadable(path, exception);
        }
    }
}
