using GptOss.CodeAssist.Inference.Llama.Native;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.Inference.Llama;

/// <summary>What llama.cpp finds on this machine, without loading a model.</summary>
public static class LlamaSystem
{
    /// <summary>Loads the native libraries and asks them. Never throws: a failure is part of the report.</summary>
    /// <param name="nativeFolder">Where the libraries are; null takes the build's own folder.</param>
    public static LlamaSystemReport Inspect(string? nativeFolder = null)
    {
        var folder = nativeFolder ?? LlamaLibrary.DefaultFolder;
        try
        {
            LlamaLibrary.EnsureLoaded(nativeFolder, NullLogger.Instance);
            return new LlamaSystemReport(folder, LlamaLibrary.Version, LlamaLibrary.GetDevices(), LlamaLibrary.GetCpuFeatures(), null);
        }
        catch (InferenceException exception)
        {
            return new LlamaSystemReport(folder, null, [], [], exception.Message);
        }
    }
}
