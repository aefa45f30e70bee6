using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GptOss.CodeAssist.Inference.Llama.Native;

namespace GptOss.CodeAssist.Inference.Llama.Tests;

/// <summary>Pins the struct layouts to llama.cpp v0.4.0: sizes and offsets from its header, values from its own defaults.</summary>
public sealed class NativeLayoutTests
{
    public NativeLayoutTests() => LlamaLibrary.EnsureLoaded(folder: null, headLength: null);

    [Fact]
    public void Structs_have_the_sizes_of_llama_cpp()
    {
        Assert.Equal(80, Unsafe.SizeOf<ModelParameters>());
        Assert.Equal(160, Unsafe.SizeOf<ContextParameters>());
        Assert.Equal(56, Unsafe.SizeOf<NativeBatch>());
        Assert.Equal(12, Unsafe.SizeOf<TokenCandidate>());
        Assert.Equal(32, Unsafe.SizeOf<CandidateArray>());
        Assert.Equal(16, Unsafe.SizeOf<TensorBufferOverride>());
        Assert.Equal(528, Unsafe.SizeOf<ThreadPoolParameters>());
    }

    [Theory]
    [InlineData(nameof(ModelParameters.GpuLayers), 16)]
    [InlineData(nameof(ModelParameters.SplitMode), 20)]
    [InlineData(nameof(ModelParameters.LoadMode), 24)]
    [InlineData(nameof(ModelParameters.LazyMode), 28)]
    [InlineData(nameof(ModelParameters.MainGpu), 32)]
    [InlineData(nameof(ModelParameters.TensorSplit), 40)]
    [InlineData(nameof(ModelParameters.ProgressCallback), 48)]
    [InlineData(nameof(ModelParameters.KeyValueOverrides), 64)]
    [InlineData(nameof(ModelParameters.VocabularyOnly), 72)]
    [InlineData(nameof(ModelParameters.LoadMtp), 77)]
    public void Model_parameters_have_the_offsets_of_llama_cpp(string field, int offset) =>
        Assert.Equal(offset, (int)Marshal.OffsetOf<ModelParameters>(field));

    [Theory]
    [InlineData(nameof(ContextParameters.MaxSequences), 12)]
    [InlineData(nameof(ContextParameters.MaxOutputs), 20)]
    [InlineData(nameof(ContextParameters.Threads), 28)]
    [InlineData(nameof(ContextParameters.FlashAttention), 52)]
    [InlineData(nameof(ContextParameters.RopeFrequencyBase), 56)]
    [InlineData(nameof(ContextParameters.YarnOriginalContext), 80)]
    [InlineData(nameof(ContextParameters.EvalCallback), 88)]
    [InlineData(nameof(ContextParameters.KeyType), 104)]
    [InlineData(nameof(ContextParameters.ValueType), 108)]
    [InlineData(nameof(ContextParameters.AbortCallback), 112)]
    [InlineData(nameof(ContextParameters.Embeddings), 128)]
    [InlineData(nameof(ContextParameters.FullSlidingWindow), 132)]
    [InlineData(nameof(ContextParameters.Samplers), 136)]
    [InlineData(nameof(ContextParameters.OtherContext), 152)]
    public void Context_parameters_have_the_offsets_of_llama_cpp(string field, int offset) =>
        Assert.Equal(offset, (int)Marshal.OffsetOf<ContextParameters>(field));

    [Fact]
    public void Defaults_read_through_our_layout_are_those_that_llama_cpp_documents()
    {
        var model = LlamaModelHandle.DefaultParameters;
        Assert.Equal(-1, model.GpuLayers);
        Assert.Equal(1, model.UseExtraBuffers);
        Assert.Equal(0, model.VocabularyOnly);
        Assert.Equal(0, model.KeyValueOverrides);

        var context = LlamaContextHandle.DefaultParameters;
        Assert.Equal((512u, 2048u, 512u, 1u), (context.ContextLength, context.BatchSize, context.MicroBatchSize, context.MaxSequences));
        Assert.Equal((-1, -1), (context.FlashAttention, context.RopeScalingType));
        Assert.Equal(((int)CacheType.Half, (int)CacheType.Half), (context.KeyType, context.ValueType));
        Assert.Equal((1, 0, 1), (context.FullSlidingWindow, context.UnifiedCache, context.OffloadKeyValue));
        Assert.Equal((nint)0, context.OtherContext);

        var pool = ComputeThreads.CreateParameters(3);
        Assert.Equal((3, 0, 50u, 0, 0), (pool.Threads, pool.Priority, pool.Poll, pool.IsStrict, pool.IsPaused));
    }

    [Fact]
    public void The_loaded_library_is_the_supported_version()
    {
        var report = LlamaSystem.Inspect();
        Assert.Null(report.Failure);
        Assert.StartsWith(LlamaLibrary.SupportedVersion, report.Version, StringComparison.Ordinal);
        Assert.Contains(report.Devices, device => device.Kind == LlamaDeviceKind.Cpu);
    }
}
