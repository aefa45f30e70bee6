using GptOss.CodeAssist.Inference.Llama.Gguf;
using GptOss.CodeAssist.TestSupport;
using GptOss.CodeAssist.TestSupport.Models;

namespace GptOss.CodeAssist.Inference.Llama.Tests.Gguf;

public sealed class SplitModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void All_parts_of_a_split_model_are_read()
    {
        WriteParts();

        var model = GgufModel.Read(PartPath(1));

        Assert.Equal("model", model.Name);
        Assert.Equal([PartPath(1), PartPath(2), PartPath(3)], model.Files.Select(file => file.Path));
        Assert.Equal(["part.1", "part.2"], model.Tensors.Select(tensor => tensor.Name));
        Assert.Equal(12, model.ParameterCount);
    }

    [Fact]
    public void A_later_part_is_refused_and_the_first_one_named()
    {
        WriteParts();

        Check(PartPath(2), InferenceError.ModelInvalid, $"'{PartPath(2)}' is part 2 of a model in 3 parts. Name the first part, '{PartPath(1)}'.");
    }

    [Fact]
    public void A_missing_part_is_named()
    {
        WriteParts();
        File.Delete(PartPath(3));

        Check(PartPath(1), InferenceError.ModelNotFound, $"Part 3 of 3 of the model is missing: no file '{PartPath(3)}'. Put all parts into one folder under their own names; fetch it again, for instance with 'gptoss-codeassist model pull'.");
    }

    [Fact]
    public void A_renamed_part_is_refused()
    {
        WriteParts();
        var renamed = _folder.PathOf("renamed.gguf");
        File.Move(PartPath(1), renamed);

        Check(renamed, InferenceError.ModelInvalid, $"'{renamed}' is part 1 of a model in 3 parts, but its name does not end in '-00001-of-00003.gguf'. Give every part its own name back, or fetch it again, for instance with 'gptoss-codeassist model pull'.");
    }

    [Fact]
    public void Parts_that_stand_in_each_others_place_are_refused()
    {
        WriteParts();
        File.Copy(PartPath(3), PartPath(2), overwrite: true);

        Check(PartPath(1), InferenceError.ModelInvalid, $"'{PartPath(2)}' is damaged: it is part 3, where its name says 2. Fetch it again, for instance with 'gptoss-codeassist model pull'.");
    }

    [Fact]
    public void Parts_that_hold_fewer_tensors_than_announced_are_refused()
    {
        WriteParts(announced: 7);

        Check(PartPath(1), InferenceError.ModelInvalid, $"'{PartPath(1)}' is damaged: it announces 7 tensors, where its 3 parts hold 2. Fetch it again, for instance with 'gptoss-codeassist model pull'.");
    }

    [Fact]
    public void A_part_number_of_a_type_on_which_llama_cpp_would_end_the_process_is_refused()
    {
        WriteParts();
        Write(2, ("split.no", 1u));

        Check(PartPath(1), InferenceError.ModelInvalid, $"'{PartPath(2)}' is damaged: it does not say which part of the model it is ('split.no'). Fetch it again, for instance with 'gptoss-codeassist model pull'.");
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>As gpt-oss-120b is published: the first part holds metadata only.</summary>
    private void WriteParts(int announced = 2)
    {
        MinimalModel.Write(PartPath(1), tensors: [], ("split.count", (ushort)3), ("split.no", (ushort)0), ("split.tensors.count", announced));
        Write(2, ("split.no", (ushort)1));
        Write(3, ("split.no", (ushort)2));
    }

    private void Write(int part, (string Key, object Value) number)
    {
        var writer = new GgufWriter().Add(number.Key, number.Value).Add("split.count", (ushort)3);
        writer.AddTensor($"part.{part - 1}", TensorFormat.F32, [4L * (part - 1)], stream => stream.Write(new byte[16 * (part - 1)]));
        using var stream = File.Create(PartPath(part));
        writer.WriteTo(stream);
    }

    private string PartPath(int part) => _folder.PathOf($"model-{part:D5}-of-00003.gguf");

    private static void Check(string path, InferenceError error, string message)
    {
        var refusal = Assert.Throws<InferenceException>(() => GgufModel.Read(path));

        Assert.Equal(message, refusal.Message);
        Assert.Equal(error, refusal.Error);
    }
}
