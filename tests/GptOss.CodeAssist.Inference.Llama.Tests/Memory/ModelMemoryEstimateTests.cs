using System.Globalization;
using System.Text.RegularExpressions;
using GptOss.CodeAssist.Inference.Llama.Gguf;
using GptOss.CodeAssist.Inference.Llama.Memory;
using GptOss.CodeAssist.TestSupport;
using GptOss.CodeAssist.TestSupport.Models;

namespace GptOss.CodeAssist.Inference.Llama.Tests.Memory;

public sealed partial class ModelMemoryEstimateTests
{
    private const long KiB = 1024;
    private const long MiB = 1024 * KiB;
    private const long GiB = 1024 * MiB;

    private static readonly Lazy<GgufModel> Gpt20b = new(() =>
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("gpt-oss-20b.gguf");
        SmallModel.WriteHollow(SmallModelOptions.Gpt20b, path);
        return GgufModel.Read(path);
    });

    [Fact]
    public void A_model_in_the_shape_of_gpt_oss_20b_has_its_published_sizes()
    {
        Assert.Equal(459, Gpt20b.Value.Tensors.Count());
        Assert.Equal(20.91, Gpt20b.Value.ParameterCount / 1e9, 0.005);
        Assert.Equal(11.27, Gpt20b.Value.WeightBytes / (double)GiB, 0.005);

        // gpt-oss-20b-MXFP4.gguf, whose metadata differ.
        Assert.Equal(12_109_566_624, Gpt20b.Value.Files[0].Length, 100_000.0);
    }

    [Theory]
    [InlineData(8 * 1024, 192, 18, 384)]
    [InlineData(16 * 1024, 384, 18, 768)]
    [InlineData(32 * 1024, 768, 18, 1536)]
    [InlineData(128 * 1024, 3072, 18, 6144)]
    public void The_cache_of_gpt_oss_20b_has_its_known_size(int context, int fullMiB, int windowMiB, int bothFullMiB)
    {
        var low = ModelMemoryEstimate.Create(Gpt20b.Value, new MemorySettings { SequenceLength = context, FullSlidingWindowCache = false });
        var full = ModelMemoryEstimate.Create(Gpt20b.Value, new MemorySettings { SequenceLength = context });

        Assert.Equal((fullMiB * MiB, windowMiB * MiB), (low.FullCacheBytes, low.SlidingWindowCacheBytes));
        Assert.Equal(bothFullMiB * MiB, full.CacheBytes);
    }

    [Theory]
    [InlineData(512, 18)]
    [InlineData(2048, 54)]
    public void Larger_batches_widen_the_window_cache(int batch, int expectedMiB)
    {
        var estimate = ModelMemoryEstimate.Create(Gpt20b.Value, new MemorySettings { SequenceLength = 16384, MicroBatchSize = batch, FullSlidingWindowCache = false });

        Assert.Equal(expectedMiB * MiB, estimate.SlidingWindowCacheBytes);
    }

    /// <summary>The sizes are those that llama.cpp v0.4.0 logged for a file of this shape with 64 outputs, on a CPU with flash attention.</summary>
    [Theory]
    [InlineData(16384, 512, true, 124.39)]
    [InlineData(16384, 512, false, 109.14)]
    [InlineData(4096, 2048, true, 401.58)]
    [InlineData(16384, 128, true, 53.31)]
    public void The_estimate_for_computing_is_near_what_llama_cpp_reserves(int context, int batch, bool fullWindow, double measuredMiB)
    {
        var estimate = ModelMemoryEstimate.Create(Gpt20b.Value, new MemorySettings { SequenceLength = context, MicroBatchSize = batch, FullSlidingWindowCache = fullWindow });

        Assert.InRange(estimate.ComputeBytes / (double)MiB, measuredMiB * 0.97, measuredMiB * 1.13);
    }

    [Fact]
    public void Slots_and_number_formats_multiply_the_cache()
    {
        var one = ModelMemoryEstimate.Create(Gpt20b.Value, new MemorySettings { SequenceLength = 4096 }).CacheBytes;

        Assert.Equal(4 * one, ModelMemoryEstimate.Create(Gpt20b.Value, new MemorySettings { SequenceLength = 4096, Sequences = 4 }).CacheBytes);
        Assert.Equal(2 * one, ModelMemoryEstimate.Create(Gpt20b.Value, new MemorySettings { SequenceLength = 4096, CacheType = CacheType.Full }).CacheBytes);
        Assert.Equal(one * 17 / 32, ModelMemoryEstimate.Create(Gpt20b.Value, new MemorySettings { SequenceLength = 4096, CacheType = CacheType.Q8 }).CacheBytes);
    }

    [Fact]
    public void Gpt_oss_20b_with_16k_fits_where_it_is_said_to_fit()
    {
        var estimate = ModelMemoryEstimate.Create(Gpt20b.Value, new MemorySettings { SequenceLength = 16384 });

        Assert.InRange(estimate.TotalBytes / (double)GiB, 12.0, 13.5);
    }

    [Fact]
    public void A_large_gpu_takes_everything()
    {
        var estimate = ModelMemoryEstimate.Create(Gpt20b.Value, new MemorySettings { SequenceLength = 16384 });

        var placement = estimate.PlaceOn(16 * GiB);

        Assert.Equal((25, 0), (placement.GpuLayers, placement.CpuExpertLayers));
        Assert.InRange(placement.DeviceBytes, 11 * GiB, 16 * GiB);
    }

    [Fact]
    public void On_a_card_of_8_GB_some_layers_leave_their_experts_behind()
    {
        var estimate = ModelMemoryEstimate.Create(Gpt20b.Value, new MemorySettings { SequenceLength = 4096 });

        var placement = estimate.PlaceOn(8 * GiB);

        Assert.Equal(25, placement.GpuLayers);
        Assert.InRange(placement.CpuExpertLayers, 6, 14);
        Assert.InRange(placement.DeviceBytes, 7 * GiB, 8 * GiB);
        Assert.True(placement.HostBytes > 3 * GiB);
    }

    [Fact]
    public void A_tiny_gpu_takes_few_layers_and_no_experts_and_less_takes_nothing()
    {
        var estimate = ModelMemoryEstimate.Create(Gpt20b.Value, new MemorySettings { SequenceLength = 16384 });

        var few = estimate.PlaceOn(1280 * MiB);
        Assert.InRange(few.GpuLayers, 1, 23);
        Assert.Equal(24, few.CpuExpertLayers);
        Assert.True(few.DeviceBytes <= 1280 * MiB);

        Assert.Equal(new GpuPlacement(0, 0, 0, estimate.TotalBytes), estimate.PlaceOn(100 * MiB));
    }

    [Fact]
    public void More_memory_never_puts_less_on_the_gpu()
    {
        var estimate = ModelMemoryEstimate.Create(Gpt20b.Value, new MemorySettings { SequenceLength = 16384 });
        var placements = Enumerable.Range(0, 140).Select(step => (Free: step * 128 * MiB, Placement: estimate.PlaceOn(step * 128 * MiB))).ToArray();

        Assert.All(placements, one => Assert.True(one.Placement.DeviceBytes <= one.Free));
        Assert.Equal(placements.Select(one => one.Placement.DeviceBytes).Order(), placements.Select(one => one.Placement.DeviceBytes));
    }

    [Theory]
    [InlineData(true, CacheType.Half)]
    [InlineData(false, CacheType.Half)]
    [InlineData(false, CacheType.Full)]
    [InlineData(true, CacheType.Q8)]
    public async Task The_cache_is_as_large_as_llama_cpp_says_itself(bool fullWindow, CacheType type)
    {
        var options = new SmallModelOptions { Layers = 3, ContextLength = 8192, SlidingWindow = 64 };
        var path = SmallModel.GetPath(options);
        var settings = new MemorySettings { SequenceLength = 2048, Sequences = 3, MicroBatchSize = 256, FullSlidingWindowCache = fullWindow, CacheType = type };
        var logger = new LineLogger();
        await using (var engine = LlamaEngine.Start(
            new LlamaEngineOptions { ModelPath = path, ContextLength = 2048, Slots = 3, MicroBatchSize = 256, GpuLayers = 0, FullSlidingWindowCache = fullWindow, CacheType = type, FlashAttention = true },
            logger))
        {
            await engine.WaitForModelAsync(TestContext.Current.CancellationToken);
        }

        var estimate = ModelMemoryEstimate.Create(GgufModel.Read(path), settings);

        var told = logger.Lines.Select(line => BufferSize().Match(line)).Where(match => match.Success).Select(match => double.Parse(match.Groups["size"].Value, CultureInfo.InvariantCulture)).ToArray();
        Assert.NotEmpty(told);
        Assert.Equal(told.Sum(), estimate.CacheBytes / (double)MiB, 0.02);
    }

    [GeneratedRegex(@"KV buffer size =\s*(?<size>[\d.]+) MiB")]
    private static partial Regex BufferSize();
}
