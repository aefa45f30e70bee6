using System.Text;

namespace GptOss.CodeAssist.TestSupport.Models;

/// <summary>Writes GGUF files: metadata, tensor descriptions, then the tensors' data one after the other, without holding them in memory.</summary>
/// <remarks>Shares no code with the program's reader, so that each is a check of the other. The format is described in llama.cpp's ggml/include/gguf.h.</remarks>
public sealed class GgufWriter
{
    private readonly List<(string Key, object Value)> _metadata = [];
    private readonly List<Tensor> _tensors = [];

    /// <summary>The format version written into the file.</summary>
    public uint Version { get; init; } = 3;

    /// <summary>Tensor data begin at multiples of this many bytes.</summary>
    public uint Alignment { get; init; } = 32;

    /// <summary>Adds a metadata value: any integer type, float, double, bool, string, or an array of one of these.</summary>
    public GgufWriter Add(string key, object value)
    {
        _metadata.Add((key, value));
        return this;
    }

    /// <summary>Adds a tensor whose data <paramref name="write"/> writes when its turn comes.</summary>
    /// <param name="name">For instance <c>blk.0.attn_q.weight</c>.</param>
    /// <param name="format">How elements are stored.</param>
    /// <param name="shape">Sizes, the contiguous one first.</param>
    /// <param name="write">Writes exactly the tensor's bytes.</param>
    public GgufWriter AddTensor(string name, TensorFormat format, long[] shape, Action<Stream> write)
    {
        var block = TensorBlock.Of(format);
        if (shape[0] % block.Elements != 0)
        {
            throw new ArgumentException($"Rows of {shape[0]} elements cannot be stored as {format}.", nameof(shape));
        }

        var elements = shape.Aggregate(1L, (product, size) => checked(product * size));
        _tensors.Add(new Tensor(name, format, shape, elements / block.Elements * block.Bytes, write));
        return this;
    }

    /// <summary>Writes the whole file.</summary>
    public void WriteTo(Stream stream)
    {
        var dataOffset = RoundUp(WriteHeader(stream));
        Pad(stream, dataOffset);
        var offset = dataOffset;
        foreach (var tensor in _tensors)
        {
            tensor.Write(stream);
            offset += tensor.Bytes;
            if (stream.Position != offset)
            {
                throw new InvalidOperationException($"The data of '{tensor.Name}' end at {stream.Position}, not at {offset}.");
            }

            offset = RoundUp(offset);
            Pad(stream, offset);
        }
    }

    /// <summary>Writes a file of the right length whose data are a hole: a header to read, in no time and next to no space.</summary>
    public void WriteHollowTo(FileStream stream)
    {
        var end = RoundUp(WriteHeader(stream));
        foreach (var tensor in _tensors)
        {
            end = RoundUp(end + tensor.Bytes);
        }

        stream.SetLength(end);
    }

    private long WriteHeader(Stream stream)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write("GGUF"u8);
        writer.Write(Version);
        writer.Write((ulong)_tensors.Count);
        writer.Write((ulong)_metadata.Count);
        foreach (var (key, value) in _metadata)
        {
            WriteText(writer, key);
            writer.Write(TypeOf(value));
            WriteValue(writer, value);
        }

        var offset = 0L;
        foreach (var tensor in _tensors)
        {
            WriteText(writer, tensor.Name);
            writer.Write((uint)tensor.Shape.Length);
            foreach (var size in tensor.Shape)
            {
                writer.Write((ulong)size);
            }

            writer.Write((uint)tensor.Format);
            writer.Write((ulong)offset);
            offset = RoundUp(offset + tensor.Bytes);
        }

        writer.Flush();
        return stream.Position;
    }

    private static void WriteValue(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case byte or bool: writer.Write(Convert.ToByte(value, null)); break;
            case sbyte number: writer.Write(number); break;
            case ushort number: writer.Write(number); break;
            case short number: writer.Write(number); break;
            case uint number: writer.Write(number); break;
            case int number: writer.Write(number); break;
            case ulong number: writer.Write(number); break;
            case long number: writer.Write(number); break;
            case float number: writer.Write(number); break;
            case double number: writer.Write(number); break;
            case string text: WriteText(writer, text); break;
            case Array array:
                writer.Write(TypeOf(Activate(array)));
                writer.Write((ulong)array.Length);
                foreach (var element in array)
                {
                    WriteValue(writer, element);
                }

                break;
            default:
                throw new ArgumentException($"GGUF has no type for {value.GetType()}.", nameof(value));
        }
    }

    /// <summary>A value of an array's element type, from which the type's number is told even where the array is empty.</summary>
    private static object Activate(Array array)
    {
        var type = array.GetType().GetElementType()!;
        return type == typeof(string) ? "" : Activator.CreateInstance(type)!;
    }

    private static uint TypeOf(object value) => value switch
    {
        byte => 0,
        sbyte => 1,
        ushort => 2,
        short => 3,
        uint => 4,
        int => 5,
        float => 6,
        bool => 7,
        string => 8,
        Array => 9,
        ulong => 10,
        long => 11,
        double => 12,
        _ => throw new ArgumentException($"GGUF has no type for {value.GetType()}.", nameof(value)),
    };

    private static void WriteText(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    private static void Pad(Stream stream, long position) => stream.Write(new byte[position - stream.Position]);

    private long RoundUp(long position) => (position + Alignment - 1) / Alignment * Alignment;

    private sealed record Tensor(string Name, TensorFormat Format, long[] Shape, long Bytes, Action<Stream> Write);
}
