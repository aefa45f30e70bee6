using System.Collections.Immutable;
using System.Text;
using CsCheck;
using GptOss.CodeAssist.Inference.Llama.Gguf;
using GptOss.CodeAssist.TestSupport;
using GptOss.CodeAssist.TestSupport.Models;

namespace GptOss.CodeAssist.Inference.Llama.Tests.Gguf;

public sealed class GgufRoundTripTests
{
    private static readonly Gen<string> GenText = Gen.String[Gen.Char['\u0001', '\uD7FF'], 0, 20];

    private static readonly Gen<object> GenScalar = Gen.OneOf(
        Gen.Byte.Select(value => (object)value),
        Gen.SByte.Select(value => (object)value),
        Gen.UShort.Select(value => (object)value),
        Gen.Short.Select(value => (object)value),
        Gen.UInt.Select(value => (object)value),
        Gen.Int.Select(value => (object)value),
        Gen.ULong.Select(value => (object)value),
        Gen.Long.Select(value => (object)value),
        Gen.Float.Select(value => (object)value),
        Gen.Double.Select(value => (object)value),
        Gen.Bool.Select(value => (object)value),
        GenText.Select(value => (object)value));

    private static readonly Gen<object> GenArray = Gen.OneOf(
        Gen.Int.Array[0, 9].Select(value => (object)value),
        Gen.Byte.Array[0, 9].Select(value => (object)value),
        Gen.Double.Array[0, 9].Select(value => (object)value),
        GenText.Array[0, 9].Select(value => (object)value));

    private static readonly Gen<Dictionary<string, object>> GenMetadata = Gen.Dictionary(Gen.String[Gen.Char['a', 'z'], 1, 12], Gen.OneOf(GenScalar, GenArray))[0, 12];

    private static readonly Gen<(string Name, TensorFormat Format, long[] Shape)> GenTensor =
        from name in Gen.String[Gen.Char['a', 'z'], 1, 40]
        from format in Gen.OneOf(TensorFormat.F32, TensorFormat.F16, TensorFormat.Q8, TensorFormat.Mxfp4)
        from rows in Gen.Long[1, 4].Array[0, 3]
        from blocks in Gen.Long[1, 3]
        select (name, format, (long[])[blocks * 32, .. rows]);

    [Fact]
    public void What_the_writer_writes_the_reader_reads()
    {
        using var folder = new TemporaryFolder();
        var number = 0;
        Gen.Select(GenMetadata, GenTensor.Array[0, 6], Gen.OneOf(1u, 32u, 64u), Gen.OneOf(2u, 3u)).Sample((metadata, tensors, alignment, version) =>
        {
            var path = folder.PathOf($"{Interlocked.Increment(ref number)}.gguf");
            var distinct = tensors.DistinctBy(tensor => tensor.Name).ToArray();
            Write(path, metadata, distinct, alignment, version);

            var file = GgufFile.Read(path);

            Assert.Equal((version, alignment), (file.Version, file.Alignment));
            Assert.Equal(metadata.Count + 1, file.Metadata.Count);
            Assert.All(metadata, pair => AssertSame(pair.Value, file.Metadata[pair.Key], file));
            Assert.Equal(distinct.Select(tensor => tensor.Name), file.Tensors.Select(tensor => tensor.Name));
            Assert.Equal(distinct.Select(tensor => tensor.Shape.ToImmutableArray()), file.Tensors.Select(tensor => tensor.Shape));
            Assert.Equal(distinct.Select(tensor => (int)tensor.Format), file.Tensors.Select(tensor => (int)tensor.Type));
            AssertDataAreWhereTheHeaderSays(file);
        }, iter: 200, threads: 2);
    }

    private static void AssertSame(object written, GgufValue read, GgufFile file)
    {
        switch (written)
        {
            case bool value: Assert.Equal(new GgufValue.Boolean(value), read); break;
            case string value: Assert.Equal(new GgufValue.Text(value), read); break;
            case float value: Assert.Equal(new GgufValue.Number(GgufValueType.Float32, value), read); break;
            case double value: Assert.Equal(new GgufValue.Number(GgufValueType.Float64, value), read); break;
            case string[] values: Assert.Equal(values, file.ReadTexts(Assert.IsType<GgufValue.Array>(read)).Select(Encoding.UTF8.GetString)); break;
            case int[] values: Assert.Equal(values, file.ReadInt32s(Assert.IsType<GgufValue.Array>(read))); break;
            case Array values: Assert.Equal(values.Length, Assert.IsType<GgufValue.Array>(read).Count); break;
            default: Assert.Equal(Int128.Parse(written.ToString()!, null), Assert.IsType<GgufValue.WholeNumber>(read).Value); break;
        }
    }

    // The writer fills the n-th tensor with bytes n + 1.
    private static void AssertDataAreWhereTheHeaderSays(GgufFile file)
    {
        var bytes = File.ReadAllBytes(file.Path);
        foreach (var (index, tensor) in file.Tensors.Index())
        {
            var data = bytes.AsSpan((int)(file.DataOffset + tensor.Offset), (int)tensor.Bytes);
            Assert.False(data.ContainsAnyExcept((byte)(index + 1)));
        }
    }

    private static void Write(string path, Dictionary<string, object> metadata, (string Name, TensorFormat Format, long[] Shape)[] tensors, uint alignment, uint version)
    {
        var writer = new GgufWriter { Alignment = alignment, Version = version }.Add("general.alignment", alignment);
        foreach (var (key, value) in metadata)
        {
            writer.Add(key, value);
        }

        foreach (var (index, tensor) in tensors.Index())
        {
            var elements = tensor.Shape.Aggregate(1L, (product, size) => product * size);
            var bytes = tensor.Format switch
            {
                TensorFormat.F32 => elements * 4,
                TensorFormat.F16 => elements * 2,
                TensorFormat.Q8 => elements / 32 * 34,
                _ => elements / 32 * 17,
            };
            writer.AddTensor(tensor.Name, tensor.Format, tensor.Shape, stream => stream.Write(Enumerable.Repeat((byte)(index + 1), (int)bytes).ToArray()));
        }

        using var stream = File.Create(path);
        writer.WriteTo(stream);
    }
}
