using GptOss.CodeAssist.Inference.Llama.Native;

namespace GptOss.CodeAssist.Inference.Llama.Tests.Native;

/// <summary>What is chosen for a load is what llama.cpp is given, read back from the memory that it reads.</summary>
public sealed class NativeOptionsTests
{
    private static readonly ModelLoadOptions Plain = new(0, MemoryMap: true, LockMemory: false, RepackWeights: true, MainGpu: 0, SplitOverGpus: true, [], []);

    public NativeOptionsTests() => LlamaLibrary.EnsureLoaded(folder: null, headLength: null);

    [Fact]
    public void Shares_of_several_GPUs_reach_llama_cpp_and_the_rest_of_its_devices_get_none()
    {
        using var options = new NativeModelOptions(Plain with { GpuLayers = 25, MainGpu = 1, TensorSplit = [3, 1] });

        Assert.Equal((25, 1, 1), (options.Parameters.GpuLayers, options.Parameters.MainGpu, options.Parameters.SplitMode));
        Assert.Equal([3, 1], options.ReadSplit()[..2].ToArray());
        Assert.True(options.ReadSplit().Length >= LlamaModelHandle.MaxDevices);
        Assert.All(options.ReadSplit()[2..].ToArray(), share => Assert.Equal(0, share));
    }

    [Fact]
    public void Without_shares_llama_cpp_decides_and_a_model_that_is_not_split_goes_to_one_GPU()
    {
        using var options = new NativeModelOptions(Plain with { SplitOverGpus = false, MainGpu = 2 });

        Assert.True(options.ReadSplit().IsEmpty);
        Assert.Empty(options.ReadOverrides());
        Assert.Equal((0, 2), (options.Parameters.SplitMode, options.Parameters.MainGpu));
    }

    [Fact]
    public void Experts_that_stay_in_system_memory_are_named_to_llama_cpp_with_its_CPU_buffer()
    {
        string[] patterns = [@"blk\.0\.ffn_(up|down|gate)_exps", @"blk\.1\.ffn_(up|down|gate)_exps"];
        using var options = new NativeModelOptions(Plain with { CpuTensorPatterns = [.. patterns] });

        Assert.Equal(patterns.Select(pattern => (pattern, LlamaLibrary.CpuBufferType)), options.ReadOverrides());
    }

    [Theory]
    [InlineData(false, false, 0)]
    [InlineData(true, false, 1)]
    [InlineData(false, true, 2)]
    [InlineData(true, true, 3)]
    public void Mapping_and_locking_are_one_mode_of_llama_cpp(bool memoryMap, bool lockMemory, int mode)
    {
        using var options = new NativeModelOptions(Plain with { MemoryMap = memoryMap, LockMemory = lockMemory, RepackWeights = false });

        Assert.Equal((mode, 0), (options.Parameters.LoadMode, options.Parameters.UseExtraBuffers));
    }

    [Fact]
    public void Every_choice_for_a_context_reaches_llama_cpp()
    {
        var given = LlamaContextHandle.CreateParameters(new ContextOptions(2048, 3, 256, 128, 64, 5, 7, false, CacheType.Q8, FullSlidingWindowCache: false));

        Assert.Equal((6144u, 3u, 256u, 128u, 64u), (given.ContextLength, given.MaxSequences, given.BatchSize, given.MicroBatchSize, given.MaxOutputs));
        Assert.Equal((5, 7, 0), (given.Threads, given.BatchThreads, given.FlashAttention));
        Assert.Equal((8, 8, 0, 0), (given.KeyType, given.ValueType, given.FullSlidingWindow, given.UnifiedCache));
        Assert.Equal(-1, LlamaContextHandle.CreateParameters(new ContextOptions(512, 1, 64, 64, 1, 1, 1, null, CacheType.Half, true)).FlashAttention);
    }
}
