using GptOss.CodeAssist.Inference.Llama.Gguf;
using GptOss.CodeAssist.Inference.Llama.Memory;

namespace GptOss.CodeAssist.Inference.Llama;

/// <summary>What a model file is and what loading it would take on this machine, found without loading it.</summary>
/// <param name="Model">The file's header.</param>
/// <param name="Description">What the model can do, with the context that would be chosen.</param>
/// <param name="Slots">Requests that could be worked on at the same time.</param>
/// <param name="Estimate">The memory it would take.</param>
/// <param name="Placement">What of it would go to a GPU; null without one, or without llama.cpp's library.</param>
/// <param name="HostBytes">System memory that this process may use.</param>
/// <param name="Problem">Why it could not be loaded here, for a person; null when it could.</param>
public sealed record LlamaModelReport(
    GgufModel Model,
    ModelDescription Description,
    int Slots,
    ModelMemoryEstimate Estimate,
    GpuPlacement? Placement,
    long HostBytes,
    string? Problem)
{
    /// <summary>Reads the header and plans the load.</summary>
    /// <exception cref="InferenceException">The file is no model that can be run; says what is wrong with it.</exception>
    public static LlamaModelReport Create(LlamaEngineOptions options)
    {
        var model = GgufModel.Read(options.ModelPath);
        var system = LlamaSystem.Inspect(options.NativeFolder, model.KeyLength);
        var hostBytes = AvailableMemory;
        string? problem = null;
        LoadPlan plan;
        try
        {
            plan = LoadPlan.Create(options, model, system.Devices, hostBytes);
        }
        catch (InferenceException exception) when (exception.Error == InferenceError.OutOfMemory)
        {
            problem = exception.Message;
            plan = LoadPlan.Create(options, model, system.Devices, long.MaxValue);
        }

        return new LlamaModelReport(model, model.Describe(plan.Context.SequenceLength), plan.Context.Sequences, plan.Estimate, plan.Placement, hostBytes, problem ?? system.Failure);
    }

    /// <summary>The memory of the machine, or of the container that the process runs in, in bytes.</summary>
    internal static long AvailableMemory => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
}
