using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Numerics;
using System.Text;

namespace GptOss.CodeAssist.Inference.Llama.Gguf;

/// <summary>Reads one GGUF header from start to end, with a bound on everything that the file may claim.</summary>
/// <remarks>Refuses what llama.cpp's own reader refuses (gguf_init_from_reader in ggml/src/gguf.cpp), with a message for each.</remarks>
internal sealed class GgufHeaderReader
{
    // Generous against real files (gpt-oss-20b: 35 keys, 459 tensors, 201,088 tokens), small against memory.
    private const int MostKeys = 65_536;
    private const int MostTensors = 65_536;
    private const int MostKeyBytes = 65_535;
    internal const int MostTextBytes = 16 * 1024 * 1024;
    private const long MostTextBytesTogether = 64L * 1024 * 1024;
    private const int MostArrayElements = 4 * 1024 * 1024;

    // GGML_MAX_NAME counts the terminating zero, which the file does not hold.
    private const int MostTensorNameBytes = 63;
    private const int MostDimensions = 4;

    private const uint Magic = 0x46554747;
    private const string AlignmentKey = "general.alignment";

    private readonly string _path;
    private readonly GgufStream _stream;
    private long _textBytes;

    public GgufHeaderReader(string path, GgufStream stream)
    {
        _path = path;
        _stream = stream;
    }

    public GgufFile Read()
    {
        var version = ReadVersion();
        var tensorCount = _stream.ReadCount("tensors", leastBytes: 24, MostTensors);
        var keyCount = _stream.ReadCount("metadata keys", leastBytes: 13, MostKeys);
        var metadata = ReadMetadata(keyCount);
        var alignment = ReadAlignment(metadata);
        var tensors = ReadTensors(tensorCount, alignment);

        // llama.cpp moves on to the padding only where there is data to pad for.
        var dataOffset = tensorCount == 0 ? _stream.Position : RoundUp(_stream.Position, alignment);
        var end = tensors.IsEmpty ? 0 : tensors[^1].Offset + tensors[^1].Bytes;
        if (end > _stream.Length - dataOffset)
        {
            var lost = tensors.First(tensor => tensor.Offset + tensor.Bytes > _stream.Length - dataOffset);
            throw GgufErrors.TruncatedData(_path, lost.Name, dataOffset + lost.Offset + lost.Bytes, _stream.Length);
        }

        return new GgufFile
        {
            Path = _path,
            Version = version,
            Metadata = metadata,
            Tensors = tensors,
            Alignment = alignment,
            DataOffset = dataOffset,
            Length = _stream.Length,
        };
    }

    private uint ReadVersion()
    {
        Span<byte> start = stackalloc byte[(int)Math.Min(32, _stream.Length)];
        _stream.ReadExactly(start);
        if (start.Length < 4 || BinaryPrimitives.ReadUInt32LittleEndian(start) != Magic)
        {
            throw GgufErrors.NotGguf(_path, start);
        }

        _stream.Position = 4;
        var version = _stream.ReadUInt32();
        return version is 2 or 3 ? version : throw GgufErrors.UnsupportedVersion(_path, version);
    }

    private FrozenDictionary<string, GgufValue> ReadMetadata(int count)
    {
        var metadata = new Dictionary<string, GgufValue>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var key = ReadText("a metadata key", MostKeyBytes);
            if (key.Length == 0 || !metadata.TryAdd(key, ReadValue(key)))
            {
                throw _stream.Invalid(key.Length == 0 ? "has a metadata key without a name" : $"has the metadata key '{key}' twice");
            }
        }

        return metadata.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private GgufValue ReadValue(string key)
    {
        var type = (GgufValueType)_stream.ReadUInt32();
        switch (type)
        {
            case GgufValueType.Array:
                return ReadArray(key);
            case GgufValueType.Text:
                return new GgufValue.Text(ReadText($"the value of '{key}'", MostTextBytes));
        }

        var size = FindSize(type) ?? throw _stream.Invalid($"gives '{key}' the unknown value type {(uint)type}");
        Span<byte> raw = stackalloc byte[size];
        _stream.ReadExactly(raw);
        return type switch
        {
            GgufValueType.Boolean => new GgufValue.Boolean(raw[0] != 0),
            GgufValueType.Float32 => new GgufValue.Number(type, BinaryPrimitives.ReadSingleLittleEndian(raw)),
            GgufValueType.Float64 => new GgufValue.Number(type, BinaryPrimitives.ReadDoubleLittleEndian(raw)),
            GgufValueType.UInt8 => new GgufValue.WholeNumber(type, raw[0]),
            GgufValueType.Int8 => new GgufValue.WholeNumber(type, (sbyte)raw[0]),
            GgufValueType.UInt16 => new GgufValue.WholeNumber(type, BinaryPrimitives.ReadUInt16LittleEndian(raw)),
            GgufValueType.Int16 => new GgufValue.WholeNumber(type, BinaryPrimitives.ReadInt16LittleEndian(raw)),
            GgufValueType.UInt32 => new GgufValue.WholeNumber(type, BinaryPrimitives.ReadUInt32LittleEndian(raw)),
            GgufValueType.Int32 => new GgufValue.WholeNumber(type, BinaryPrimitives.ReadInt32LittleEndian(raw)),
            GgufValueType.UInt64 => new GgufValue.WholeNumber(type, BinaryPrimitives.ReadUInt64LittleEndian(raw)),
            _ => new GgufValue.WholeNumber(type, BinaryPrimitives.ReadInt64LittleEndian(raw)),
        };
    }

    private string ReadText(string what, int most)
    {
        var bytes = _stream.ReadBytes(what, most);
        _textBytes += bytes.Length;
        return _textBytes <= MostTextBytesTogether
            ? Encoding.UTF8.GetString(bytes)
            : throw _stream.Invalid($"holds more than {MostTextBytesTogether} bytes of metadata text");
    }

    private GgufValue.Array ReadArray(string key)
    {
        var type = (GgufValueType)_stream.ReadUInt32();
        var size = type == GgufValueType.Text ? 8 : FindSize(type) ?? throw _stream.Invalid($"gives the array '{key}' the element type {(uint)type}, which arrays cannot have");
        var count = _stream.ReadCount($"elements in '{key}'", size, MostArrayElements);
        var array = new GgufValue.Array(type, count, _stream.Position);
        if (type != GgufValueType.Text)
        {
            _stream.Skip((ulong)count * (ulong)size);
            return array;
        }

        for (var i = 0; i < count; i++)
        {
            _stream.SkipBytes();
        }

        return array;
    }

    private uint ReadAlignment(FrozenDictionary<string, GgufValue> metadata) => metadata.GetValueOrDefault(AlignmentKey) switch
    {
        null => 32,
        GgufValue.WholeNumber { Type: GgufValueType.UInt32, Value: var value } when BitOperations.IsPow2((uint)value) => (uint)value,
        _ => throw _stream.Invalid($"has an '{AlignmentKey}' that is not a power of two of 32 bits"),
    };

    private ImmutableArray<GgufTensor> ReadTensors(int count, uint alignment)
    {
        var tensors = ImmutableArray.CreateBuilder<GgufTensor>(count);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var expectedOffset = 0L;
        for (var i = 0; i < count; i++)
        {
            var tensor = ReadTensor();
            if (!names.Add(tensor.Name))
            {
                throw _stream.Invalid($"has the tensor '{tensor.Name}' twice");
            }

            if (tensor.Offset != expectedOffset)
            {
                throw _stream.Invalid($"places the tensor '{tensor.Name}' at {tensor.Offset}, where {expectedOffset} follows from the tensors before it");
            }

            if (tensor.Bytes > long.MaxValue - expectedOffset - alignment)
            {
                throw _stream.Invalid($"has the tensor '{tensor.Name}' of impossible size");
            }

            expectedOffset = RoundUp(expectedOffset + tensor.Bytes, alignment);
            tensors.Add(tensor);
        }

        return tensors.MoveToImmutable();
    }

    private GgufTensor ReadTensor()
    {
        var name = Encoding.UTF8.GetString(_stream.ReadBytes("a tensor's name", MostTensorNameBytes));
        var dimensions = _stream.ReadUInt32();
        if (dimensions is 0 or > MostDimensions)
        {
            throw _stream.Invalid($"gives the tensor '{name}' {dimensions} dimensions");
        }

        var shape = ImmutableArray.CreateBuilder<long>((int)dimensions);
        var elements = 1L;
        for (var i = 0; i < dimensions; i++)
        {
            var size = _stream.ReadUInt64();
            if (size is 0 or > long.MaxValue || Math.BigMul((ulong)elements, size, out var product) != 0 || product > long.MaxValue)
            {
                throw _stream.Invalid($"has the tensor '{name}' of impossible size");
            }

            elements = (long)product;
            shape.Add((long)size);
        }

        var type = (GgufTensorType)_stream.ReadUInt32();
        var block = GgufBlock.Find(type) ?? throw _stream.Invalid($"stores the tensor '{name}' in the unknown type {(uint)type}");
        if (shape[0] % block.Elements != 0 || elements / block.Elements > long.MaxValue / block.Bytes)
        {
            throw _stream.Invalid($"has the tensor '{name}' of {string.Join(" x ", shape)} elements, which {type} cannot store");
        }

        var offset = _stream.ReadUInt64();
        return offset <= long.MaxValue
            ? new GgufTensor(name, type, shape.MoveToImmutable(), (long)offset, elements / block.Elements * block.Bytes)
            : throw _stream.Invalid($"places the tensor '{name}' beyond any file's end");
    }

    /// <summary>Bytes of one value of a fixed-size type, or null for texts, arrays and unknown types.</summary>
    private static int? FindSize(GgufValueType type) => type switch
    {
        GgufValueType.UInt8 or GgufValueType.Int8 or GgufValueType.Boolean => 1,
        GgufValueType.UInt16 or GgufValueType.Int16 => 2,
        GgufValueType.UInt32 or GgufValueType.Int32 or GgufValueType.Float32 => 4,
        GgufValueType.UInt64 or GgufValueType.Int64 or GgufValueType.Float64 => 8,
        _ => null,
    };

    private static long RoundUp(long value, uint alignment) => (value + alignment - 1) & ~((long)alignment - 1);
}
