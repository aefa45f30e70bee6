using GptOss.CodeAssist.Inference.Llama.Native;

namespace GptOss.CodeAssist.Inference.Llama.Tests;

public sealed class WarmUpTests
{
    [Theory]
    [InlineData(64, 512)]
    [InlineData(512, 64)]
    public void Warming_up_leaves_nothing_behind(int microBatch, int length)
    {
        LlamaLibrary.EnsureLoaded(folder: null, headLength: null);
        using var model = LlamaModelHandle.Load(StarterModel.Path, new ModelLoadOptions(0, true, false, false, 0, true, [], []), _ => true)!;
        var options = new ContextOptions(length, 1, microBatch, microBatch, 1, 1, 1, null, CacheType.Half, true);
        using var context = LlamaContextHandle.Create(model, options)!;

        LlamaEngine.WarmUp(context, options);

        using var batch = new TokenBatch(1);
        batch.Add(1, 0, 0, output: true);
        Assert.Equal(DecodeResult.Done, context.Decode(batch));
        var after = context.GetLogits(0).ToArray();
        using var fresh = LlamaContextHandle.Create(model, options)!;
        Assert.Equal(DecodeResult.Done, fresh.Decode(batch));
        Assert.Equal(fresh.GetLogits(0).ToArray(), after);
    }
}
