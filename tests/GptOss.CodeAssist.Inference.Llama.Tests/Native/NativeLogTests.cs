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
        int[] lengths = [1536, 1792, 2304, 2560];
        var loads = lengths.Select(length => LoadAsync(path, length, lengths)).ToList();
        var inspected = await Task.Run(() => LlamaSystem.Inspect(), TestContext.Current.CancellationToken);
        Assert.Null(inspected.Failure);

        var told = await Task.WhenAll(loads);
        Assert.All(lengths.Zip(told), pair => Assert.Equal([pair.First], pair.Second));
    }

    /// <summary>Which of the <paramref name="lengths"/> an engine's log speaks of: contexts that tests make without an engine have no log of their own, and other lengths.</summary>
    private static async Task<int[]> LoadAsync(string path, int length, int[] lengths)
    {
        var logger = new LineLogger();
        await using (var engine = LlamaEngine.Start(new LlamaEngineOptions { ModelPath = path, ContextLength = length, Slots = 1, GpuLayers = 0 }, logger))
        {
            await engine.WaitForModelAsync(TestContext.Current.CancellationToken);
        }

        return [.. logger.Lines.Select(line => SequenceLength().Match(line)).Where(match => match.Success).Select(match => int.Parse(match.Groups["length"].Value, System.Globalization.CultureInfo.InvariantCulture)).Where(lengths.Contains)];
    }

    [GeneratedRegex(@"n_ctx_seq\s*=\s*(?<length>\d+)\s*$")]
    private static partial Regex SequenceLength();
}
