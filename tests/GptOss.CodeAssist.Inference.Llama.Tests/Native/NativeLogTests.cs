using System.Text.RegularExpressions;
using GptOss.CodeAssist.TestSupport.Models;

namespace GptOss.CodeAssist.Inference.Llama.Tests.Native;

/// <summary>llama.cpp has one log for the whole process; each engine gets its own lines of it, whole.</summary>
public sealed partial class NativeLogTests
{
    [Fact]
    public async Task Engines_that_load_at_the_same_time_each_get_their_own_lines_while_a_doctor_looks_at_the_machine()
    {
        var path = SmallModel.GetPath();
        int[] lengths = [512, 768, 1024, 1280];
        var loads = lengths.Select(length => LoadAsync(path, length)).ToList();
        var inspected = await Task.Run(() => LlamaSystem.Inspect(), TestContext.Current.CancellationToken);
        Assert.Null(inspected.Failure);

        var told = await Task.WhenAll(loads);
        Assert.All(lengths.Zip(told), pair => Assert.Equal([pair.First], pair.Second));
    }

    /// <summary>The lengths of context that an engine's log speaks of.</summary>
    private static async Task<int[]> LoadAsync(string path, int length)
    {
        var logger = new LineLogger();
        await using (var engine = LlamaEngine.Start(new LlamaEngineOptions { ModelPath = path, ContextLength = length, Slots = 1, GpuLayers = 0 }, logger))
        {
            await engine.WaitForModelAsync(TestContext.Current.CancellationToken);
        }

        return [.. logger.Lines.Select(line => SequenceLength().Match(line)).Where(match => match.Success).Select(match => int.Parse(match.Groups["length"].Value, System.Globalization.CultureInfo.InvariantCulture))];
    }

    [GeneratedRegex(@"n_ctx_seq\s*=\s*(?<length>\d+)\s*$")]
    private static partial Regex SequenceLength();
}
