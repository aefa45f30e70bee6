using System.Collections.Concurrent;
using System.Globalization;

namespace GptOss.CodeAssist.TestSupport.Models;

/// <summary>Small but real models of the gpt-oss architecture, with random weights: attention sinks, alternating sliding window, mixture of experts, o200k tokens.</summary>
public static class SmallModel
{
    private static readonly Lazy<string> Folder = new(CreateFolder);
    private static readonly ConcurrentDictionary<SmallModelOptions, Lazy<string>> Paths = new();
    private static int _written;

    /// <summary>The path of the model with the default options.</summary>
    public static string GetPath() => GetPath(new SmallModelOptions());

    /// <summary>The path of the model with these options, written on first use and deleted when the process ends. May be called from any thread.</summary>
    public static string GetPath(SmallModelOptions options) => Paths.GetOrAdd(options, key => new Lazy<string>(() => Create(key))).Value;

    /// <summary>Writes the model with these options to <paramref name="path"/>, as a stream of blocks that is never held in memory as a whole.</summary>
    public static void Write(SmallModelOptions options, string path)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 1 << 20);
        GptOssModelWriter.Create(options).WriteTo(stream);
    }

    /// <summary>Writes a LoRA adapter for the model with these options: random weights on the output of every layer's attention.</summary>
    public static void WriteAdapter(SmallModelOptions options, string path, int rank = 4, string architecture = "gpt-oss")
    {
        var writer = new GgufWriter()
            .Add("general.type", "adapter")
            .Add("general.architecture", architecture)
            .Add("adapter.type", "lora")
            .Add("adapter.lora.alpha", (float)rank);
        var queryWidth = options.Heads * options.HeadLength;
        for (var layer = 0; layer < options.Layers; layer++)
        {
            AddTensor($"blk.{layer}.attn_output.weight.lora_a", [queryWidth, rank], layer * 2);
            AddTensor($"blk.{layer}.attn_output.weight.lora_b", [rank, options.Width], (layer * 2) + 1);
        }

        using var stream = File.Create(path);
        writer.WriteTo(stream);

        void AddTensor(string name, long[] shape, int seed) =>
            writer.AddTensor(name, TensorFormat.F32, shape, tensor => RandomWeights.Write(tensor, TensorFormat.F32, shape[0] * shape[1], 0.3f, (ulong)seed + 1000));
    }

    /// <summary>Writes a file that has the model's header and length, and a hole for its weights.</summary>
    public static void WriteHollow(SmallModelOptions options, string path)
    {
        using var stream = File.Create(path);
        GptOssModelWriter.Create(options).WriteHollowTo(stream);
    }

    private static string Create(SmallModelOptions options)
    {
        var number = Interlocked.Increment(ref _written);
        var path = Path.Combine(Folder.Value, $"gpt-oss-{options.Layers}x{options.Width}-{number.ToString(CultureInfo.InvariantCulture)}.gguf");
        Write(options, path);
        return path;
    }

    private static string CreateFolder()
    {
        var folder = Directory.CreateTempSubdirectory("gptoss-codeassist-models-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException)
            {
                // Windows keeps files that are still mapped; the system empties its temporary folder itself.
            }
        };
        return folder;
    }
}
