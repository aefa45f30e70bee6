using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using GptOss.CodeAssist.EngineDaemon;
using GptOss.CodeAssist.Inference.Llama;

namespace GptOss.CodeAssist.Cli.Engines;

/// <summary>What an engine's process is to load; two programs with the same order share one process.</summary>
/// <param name="Build">Which build of this program.</param>
/// <param name="ModelBytes">The model file's size, and with <paramref name="ModelWritten"/> which file it was.</param>
/// <param name="ModelWritten">When the model file was last written, in ticks of UTC.</param>
internal sealed record EngineOrder(string Build, LlamaEngineOptions Options, long ModelBytes, long ModelWritten)
{
    public static EngineOrder For(CliEnvironment environment, LlamaEngineOptions options)
    {
        var file = new FileInfo(options.ModelPath);
        return new EngineOrder(BuildOf(environment.ProgramFolder), options, file.Exists ? file.Length : 0, file.Exists ? file.LastWriteTimeUtc.Ticks : 0);
    }

    /// <summary>Where the engine of this order is found.</summary>
    public EngineAddress AddressIn(EngineFolder folder) => folder.At(EngineAddress.NameOf(JsonSerializer.Serialize(this, EngineJson.Default.EngineOrder)));

    /// <summary>Version and the program's own files: an engine of yesterday's build must not answer today's.</summary>
    private static string BuildOf(string programFolder)
    {
        var files = Directory.EnumerateFiles(programFolder, "*.dll").Where(file => Path.GetFileName(file).StartsWith("gptoss", StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal).Select(file => new FileInfo(file))
            .Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.Name} {file.Length} {file.LastWriteTimeUtc.Ticks}"));
        return $"{CommandLine.Version} {EngineAddress.NameOf(string.Join('\n', files.Prepend(programFolder)))}";
    }
}

[JsonSerializable(typeof(EngineLaunch))]
internal sealed partial class EngineJson : JsonSerializerContext;
