using System.Buffers.Binary;
using System.Text;
using GptOss.CodeAssist.Inference.Llama.Gguf;
using GptOss.CodeAssist.TestSupport;
using GptOss.CodeAssist.TestSupport.Models;

namespace GptOss.CodeAssist.Inference.Llama.Tests.Gguf;

public sealed class BadModelFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string ModelPath => _folder.PathOf("model.gguf");

    [Fact]
    public void A_folder_is_refused() =>
        Check(_folder.FullName, InferenceError.ModelInvalid, "'FILE' is a folder, not a model file. Name the .gguf file itself.");

    [Fact]
    public void A_missing_file_is_refused() =>
        Check(ModelPath, InferenceError.ModelNotFound, "No model file 'FILE'. Check the path, or fetch a model with 'gptoss-codeassist model pull'.");

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("GG", "it does not begin with the bytes 'GGUF'")]
    [InlineData("\n<!doctype html>", "it is a web page")]
    [InlineData("version https://git-lfs.github.com/spec/v1\n", "it is a Git LFS pointer, not the file that it points to")]
    [InlineData("PK\u0003\u0004", "it is a ZIP archive")]
    [InlineData("\u0010\0\0\0\0\0\0\0{\"__metadata__\"", "it looks like safetensors, which llama.cpp does not load")]
    public void What_is_not_gguf_is_refused(string content, string cause)
    {
        File.WriteAllText(ModelPath, content, Encoding.Latin1);

        Check(ModelPath, InferenceError.ModelInvalid, $"'FILE' is not a GGUF model: {cause}. Fetch it again, for instance with 'gptoss-codeassist model pull'.");
    }

    [Theory]
    [InlineData(1u, "its format version 1 is too old. Fetch a current file, for instance with 'gptoss-codeassist model pull'.")]
    [InlineData(4u, "its format version 4 is newer than version 3, the newest that this program reads. Update gptoss-codeassist, or fetch the model in an older version of the format.")]
    [InlineData(0x03000000u, "it was written for big-endian machines. Fetch a current file, for instance with 'gptoss-codeassist model pull'.")]
    public void Another_format_version_is_refused(uint version, string complaint)
    {
        MinimalModel.Write(ModelPath);
        Patch(4, version);

        Check(ModelPath, InferenceError.ModelInvalid, $"'FILE' cannot be loaded: {complaint}");
    }

    [Fact]
    public void An_absurd_number_of_tensors_is_refused()
    {
        MinimalModel.Write(ModelPath);
        Patch(8, uint.MaxValue);

        CheckDamaged("claims 4294967295 tensors; at most 65536 are accepted");
    }

    [Fact]
    public void An_absurd_number_of_keys_is_refused()
    {
        MinimalModel.Write(ModelPath);
        Patch(16, uint.MaxValue);

        CheckDamaged("claims 4294967295 metadata keys; at most 65536 are accepted");
    }

    [Fact]
    public void An_absurd_array_is_refused()
    {
        MinimalModel.Write(ModelPath);
        var tokens = GgufFile.Read(ModelPath).FindArray("tokenizer.ggml.tokens")!;
        Patch(tokens.Offset - 8, 100_000_000);

        CheckDamaged("claims 100000000 elements in 'tokenizer.ggml.tokens'; at most 4194304 are accepted");
    }

    [Fact]
    public void An_array_longer_than_the_file_is_refused()
    {
        MinimalModel.Write(ModelPath);
        var tokens = GgufFile.Read(ModelPath).FindArray("tokenizer.ggml.tokens")!;
        Patch(tokens.Offset - 8, 1_000_000);

        Check(ModelPath, InferenceError.ModelInvalid, $"'FILE' is cut short: its {new FileInfo(ModelPath).Length} bytes end inside the header. Fetch it again, for instance with 'gptoss-codeassist model pull'.");
    }

    [Fact]
    public void Tensor_data_beyond_the_end_of_the_file_are_refused()
    {
        MinimalModel.Write(ModelPath);
        var file = GgufFile.Read(ModelPath);
        var last = file.Tensors[^1];
        Cut(file.DataOffset + last.Offset + last.Bytes - 1);

        Check(ModelPath, InferenceError.ModelInvalid, $"'FILE' is cut short: tensor 'blk.0.attn_sinks.weight' would end at byte {file.DataOffset + last.Offset + last.Bytes}, but the file has {file.DataOffset + last.Offset + last.Bytes - 1}. Fetch it again, for instance with 'gptoss-codeassist model pull'.");
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused_or_lacks_only_padding()
    {
        MinimalModel.Write(ModelPath);
        var file = GgufFile.Read(ModelPath);
        var bytes = File.ReadAllBytes(ModelPath);
        var last = file.DataOffset + file.Tensors[^1].Offset + file.Tensors[^1].Bytes;
        for (var length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(ModelPath, bytes[..length]);
            if (length >= last)
            {
                Assert.Equal(file.Tensors.Length, GgufFile.Read(ModelPath).Tensors.Length);
                continue;
            }

            var refusal = Assert.Throws<InferenceException>(() => GgufFile.Read(ModelPath));
            Assert.Contains(length < 4 ? "is not a GGUF model" : "is cut short", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_tensor_that_stands_twice_is_refused()
    {
        MinimalModel.Write(ModelPath, [("a", TensorFormat.F32, [4]), ("a", TensorFormat.F32, [4])]);

        CheckDamaged("has the tensor 'a' twice");
    }

    [Fact]
    public void A_key_that_stands_twice_is_refused()
    {
        using (var stream = File.Create(ModelPath))
        {
            new GgufWriter().Add("a", 1).Add("a", 2).WriteTo(stream);
        }

        CheckDamaged("has the metadata key 'a' twice");
    }

    [Theory]
    [InlineData(uint.MaxValue, uint.MaxValue, "has the tensor 'tensor' of impossible size")]
    [InlineData(0u, 0u, "has the tensor 'tensor' of impossible size")]
    [InlineData(0u, 0x40000000u, "has the tensor 'tensor' of impossible size")]
    [InlineData(33u, 0u, "has the tensor 'tensor' of 33 x 2 elements, which Q8_0 cannot store")]
    public void A_tensor_of_absurd_size_is_refused(uint low, uint high, string complaint)
    {
        MinimalModel.Write(ModelPath, [("tensor", TensorFormat.Q8, [32, 2])]);
        var name = File.ReadAllBytes(ModelPath).AsSpan().LastIndexOf("tensor"u8);
        Patch(name + 6 + 4, low);
        Patch(name + 6 + 8, high);

        CheckDamaged(complaint);
    }

    [Theory]
    [InlineData(4, 9u, "gives the tensor 'tensor' 9 dimensions")]
    [InlineData(0, 0u, "gives the tensor 'tensor' 0 dimensions")]
    [InlineData(20, 4u, "stores the tensor 'tensor' in the unknown type 4")]
    [InlineData(24, 64u, "places the tensor 'tensor' at 64, where 0 follows from the tensors before it")]
    public void A_tensor_that_is_described_wrongly_is_refused(int position, uint value, string complaint)
    {
        MinimalModel.Write(ModelPath, [("tensor", TensorFormat.Q8, [32, 2])]);
        var name = File.ReadAllBytes(ModelPath).AsSpan().LastIndexOf("tensor"u8);
        Patch(name + 6 + (position == 4 ? 0 : position), value);

        CheckDamaged(complaint);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(48u)]
    [InlineData(32)]
    public void An_alignment_that_is_no_power_of_two_of_32_bits_is_refused(object alignment)
    {
        MinimalModel.Write(ModelPath, ("general.alignment", alignment));

        CheckDamaged("has an 'general.alignment' that is not a power of two of 32 bits");
    }

    [Fact]
    public void An_unreadable_file_is_refused()
    {
        MinimalModel.Write(ModelPath);
        using var held = new FileStream(ModelPath, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        var refusal = Assert.Throws<InferenceException>(() => GgufFile.Read(ModelPath));

        Assert.StartsWith($"The model file '{ModelPath}' cannot be read: ", refusal.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private void Patch(long position, uint value)
    {
        using var stream = File.OpenWrite(ModelPath);
        stream.Position = position;
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        stream.Write(bytes);
    }

    private void Cut(long length)
    {
        using var stream = File.OpenWrite(ModelPath);
        stream.SetLength(length);
    }

    private void CheckDamaged(string complaint) =>
        Check(ModelPath, InferenceError.ModelInvalid, $"'FILE' is damaged: it {complaint}. Fetch it again, for instance with 'gptoss-codeassist model pull'.");

    private static void Check(string path, InferenceError error, string message)
    {
        var refusal = Assert.Throws<InferenceException>(() => GgufModel.Read(path));

        Assert.Equal(message, refusal.Message.Replace(path, "FILE", StringComparison.Ordinal));
        Assert.Equal(error, refusal.Error);
    }
}
