using GptOss.CodeAssist.Inference.Llama.Native;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.Inference.Llama;

/// <summary>What llama.cpp finds on this machine, without loading a model.</summary>
public static class LlamaSystem
{
    /// <summary>Loads the native libraries and asks them. Never throws: a failure is part of the report.</summary>
    /// <param name="nativeFolder">Where the libraries are; null takes the build's own folder.</param>
    /// <param name="headLength">Elements of an attention head of the model that this process is going to run: some builds of the CPU backend are slow for some. Null when none is known.</param>
    public static LlamaSystemReport Inspect(string? nativeFolder = null, int? headLength = null)
    {
        var folder = nativeFolder ?? LlamaLibrary.DefaultFolder;
        try
        {
            // What is said while looking is in the report; it is nothing for the log of an engine that may be running beside it.
            using var log = LlamaLibrary.LogThisThreadTo(NullLogger.Instance);
            LlamaLibrary.EnsureLoaded(nativeFolder, headLength);
            var devices = LlamaLibrary.GetDevices();
            var hasGpu = devices.Any(device => device.Kind is LlamaDeviceKind.Gpu or LlamaDeviceKind.IntegratedGpu);
            return new LlamaSystemReport(folder, LlamaLibrary.Version, devices, LlamaLibrary.GetCpuFeatures(), null)
            {
                UnusableBackend = hasGpu ? null : LlamaLibrary.GpuBackend,
            };
        }
        catch (InferenceException exception)
        {
            return new LlamaSystemReport(folder, null, [], [], exception.Message);
        }
    }
}
