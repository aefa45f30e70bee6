using GptOss.CodeAssist.Inference.Llama.Gguf;
using GptOss.CodeAssist.TestSupport;
using GptOss.CodeAssist.TestSupport.Models;

namespace GptOss.CodeAssist.Inference.Llama.Tests;

/// <summary>What is chosen for a file in the shape of gpt-oss-20b, whose weights are a hole in the file, on machines of different sizes.</summary>
public sealed class LoadPlanTests : IDisposable
{
    private const long GiB = 1L << 30;

    private static readonly LlamaDevice Cpu = new("CPU", "a processor", LlamaDeviceKind.Cpu, 0, 0);

    private readonly TemporaryFolder _folder = new();
    private readonly GgufModel _model;

    public LoadPlanTests()
    {
        var path = _folder.PathOf("gpt-oss-20b.gguf");
        SmallModel.WriteHollow(SmallModelOptions.Gpt20b, path);
        _model = GgufModel.Read(path);
    }

    [Fact]
    public void A_machine_with_room_gets_the_default_context()
    {
        var plan = Plan(hostBytes: 32 * GiB);
        Assert.Equal((16384, 4, 0), (plan.Context.SequenceLength, plan.Context.Sequences, plan.Model.GpuLayers));
        Assert.Empty(plan.Warnings);
        Assert.Null(plan.Placement);
    }

    [Fact]
    public void A_machine_of_16_GiB_gets_a_shorter_context_instead_of_a_refusal()
    {
        var plan = Plan(hostBytes: 14 * GiB);
        Assert.InRange(plan.Context.SequenceLength, 2048, 8192);
        Assert.True(plan.Estimate.TotalBytes <= 14 * GiB);
    }

    [Fact]
    public void A_context_that_was_asked_for_is_never_made_shorter()
    {
        var error = Assert.Throws<InferenceException>(() => Plan(hostBytes: 14 * GiB, options => options with { ContextLength = 131_072 }));
        Assert.Equal(InferenceError.OutOfMemory, error.Error);
        Assert.Contains("GiB of memory with a context of 131,072 tokens", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_cannot_fit_is_refused_with_what_it_needs_and_what_there_is() =>
        Assert.Contains("this machine has 8.0 GiB", Assert.Throws<InferenceException>(() => Plan(hostBytes: 8 * GiB)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_large_GPU_gets_the_whole_model()
    {
        var plan = Plan(hostBytes: 16 * GiB, gpuBytes: 80 * GiB);
        Assert.Equal((25, 0), (plan.Model.GpuLayers, plan.Model.CpuTensorPatterns.Length));
    }

    [Fact]
    public void A_GPU_of_8_GiB_gets_attention_and_some_experts()
    {
        var plan = Plan(hostBytes: 32 * GiB, gpuBytes: 8 * GiB);
        Assert.Equal(25, plan.Model.GpuLayers);
        Assert.InRange(plan.Model.CpuTensorPatterns.Length, 1, 24);
        Assert.Equal(@"blk\.0\.ffn_(up|down|gate)_exps", plan.Model.CpuTensorPatterns[0]);
        Assert.True(plan.Placement!.DeviceBytes <= 8 * GiB);
    }

    [Fact]
    public void What_the_user_says_goes_before_what_would_fit()
    {
        var plan = Plan(hostBytes: 32 * GiB, options => options with { GpuLayers = 7, CpuExpertLayers = 2, Threads = 3, Slots = 2 }, gpuBytes: 80 * GiB);
        Assert.Equal((7, 2, 3, 2), (plan.Model.GpuLayers, plan.Model.CpuTensorPatterns.Length, plan.Context.Threads, plan.Context.Sequences));
    }

    [Fact]
    public void A_small_model_is_computed_by_one_thread()
    {
        var plan = LoadPlan.Create(new LlamaEngineOptions { ModelPath = StarterModel.Path }, GgufModel.Read(StarterModel.Path), [Cpu], 8 * GiB);
        Assert.Equal((1, 1), (plan.Context.Threads, plan.Context.BatchThreads));
        Assert.Equal(ProcessorTopology.CountPhysicalCores(), Plan(hostBytes: 32 * GiB).Context.Threads);
    }

    [Fact]
    public void A_small_model_is_read_in_smaller_pieces_unless_someone_says_otherwise()
    {
        var options = new LlamaEngineOptions { ModelPath = StarterModel.Path };
        var starter = GgufModel.Read(StarterModel.Path);
        Assert.Equal(128, LoadPlan.Create(options, starter, [Cpu], 8 * GiB).Context.MicroBatchSize);
        Assert.Equal(256, LoadPlan.Create(options with { MicroBatchSize = 256 }, starter, [Cpu], 8 * GiB).Context.MicroBatchSize);
        Assert.Equal(512, Plan(hostBytes: 32 * GiB).Context.MicroBatchSize);
    }

    [Fact]
    public void A_Q8_cache_without_flash_attention_is_half_precision_with_a_warning()
    {
        var plan = Plan(hostBytes: 32 * GiB, options => options with { CacheType = CacheType.Q8, FlashAttention = false });
        Assert.Equal(CacheType.Half, plan.Context.CacheType);
        Assert.Contains("Q8 cache needs flash attention", Assert.Single(plan.Warnings), StringComparison.Ordinal);
        var kept = Plan(hostBytes: 32 * GiB, options => options with { CacheType = CacheType.Q8 });
        Assert.Equal(CacheType.Q8, kept.Context.CacheType);
        Assert.True(kept.Estimate.CacheBytes < plan.Estimate.CacheBytes);
    }

    [Fact]
    public void A_GPU_that_is_asked_for_and_missing_is_a_warning() =>
        Assert.Contains("no GPU", Assert.Single(Plan(hostBytes: 32 * GiB, options => options with { GpuLayers = 10 }).Warnings), StringComparison.Ordinal);

    public void Dispose() => _folder.Dispose();

    private LoadPlan Plan(long hostBytes, Func<LlamaEngineOptions, LlamaEngineOptions>? change = null, long? gpuBytes = null)
    {
        var options = new LlamaEngineOptions { ModelPath = _model.Files[0].Path };
        return LoadPlan.Create(
            change?.Invoke(options) ?? options,
            _model,
            gpuBytes is { } free ? [Cpu, new LlamaDevice("CUDA0", "a card", LlamaDeviceKind.Gpu, free, free)] : [Cpu],
            hostBytes);
    }
}
