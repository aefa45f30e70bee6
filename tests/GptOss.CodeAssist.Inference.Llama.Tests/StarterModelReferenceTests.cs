using System.Collections.Immutable;
using System.Text.Json;
using GptOss.CodeAssist.Inference.Llama.Native;

namespace GptOss.CodeAssist.Inference.Llama.Tests;

/// <summary>
/// The starter model says here what it said where it was trained: the export writes what PyTorch computes in float32 for a
/// held-out file, and llama.cpp must agree, but for what eight-bit weights change.
/// </summary>
public sealed class StarterModelReferenceTests
{
    /// <summary>The tokens of a prompt; the likeliest five next tokens of every place and their logits.</summary>
    private sealed record Reference(ImmutableArray<int> Tokens, ImmutableArray<ImmutableArray<int>> Best, ImmutableArray<ImmutableArray<float>> Logits);

    [Fact]
    public void Logits_are_those_of_the_trained_network()
    {
        var reference = JsonSerializer.Deserialize<Reference>(File.ReadAllText(Path.ChangeExtension(StarterModel.Path, ".reference.json")), JsonSerializerOptions.Web)!;
        LlamaLibrary.EnsureLoaded(folder: null, headLength: null);
        using var model = LlamaModelHandle.Load(StarterModel.Path, new ModelLoadOptions(0, true, false, false, 0, true, [], []), _ => true)!;
        using var context = LlamaContextHandle.Create(model, new ContextOptions(2048, 1, 128, 128, 128, 1, 1, false, CacheType.Full, true))!;
        using var batch = new TokenBatch(128);
        var (agreed, differences) = (0, new List<float>());
        for (var start = 0; start < reference.Tokens.Length; start += 128)
        {
            batch.Clear();
            for (var place = start; place < Math.Min(start + 128, reference.Tokens.Length); place++)
            {
                batch.Add(reference.Tokens[place], place, 0, output: true);
            }

            Assert.Equal(DecodeResult.Done, context.Decode(batch));
            for (var index = 0; index < batch.Count; index++)
            {
                var row = context.GetLogits(index);
                var (best, logits) = (reference.Best[start + index], reference.Logits[start + index]);
                agreed += System.Numerics.Tensors.TensorPrimitives.IndexOfMax(row) == best[0] ? 1 : 0;
                for (var rank = 0; rank < best.Length; rank++)
                {
                    differences.Add(MathF.Abs(row[best[rank]] - logits[rank]));
                }
            }
        }

        var mean = differences.Average();
        var agreement = (double)agreed / reference.Tokens.Length;
        TestContext.Current.TestOutputHelper?.WriteLine($"{reference.Tokens.Length} places: the same best token in {agreement:P1}, logits {mean:F3} apart on average");
        Assert.True(agreement > 0.97, $"The best token is the same in {agreement:P1} of the places.");
        Assert.True(mean < 0.1, $"Logits are {mean} apart on average.");
    }
}
