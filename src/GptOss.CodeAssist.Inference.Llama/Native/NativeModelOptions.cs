using System.Runtime.InteropServices;

namespace GptOss.CodeAssist.Inference.Llama.Native;

/// <summary>A model's options as llama.cpp takes them, with the memory that they point to; dispose it after the load.</summary>
internal sealed unsafe class NativeModelOptions : IDisposable
{
    private readonly int _patternCount;
    private readonly int _splitCount;
    private ModelParameters _parameters = LlamaModelHandle.DefaultParameters;

    public NativeModelOptions(ModelLoadOptions options)
    {
        _parameters.GpuLayers = options.GpuLayers;
        _parameters.LoadMode = (options.MemoryMap, options.LockMemory) switch
        {
            (true, true) => 3,
            (true, false) => 1,
            (false, true) => 2,
            (false, false) => 0,
        };
        _parameters.UseExtraBuffers = options.RepackWeights ? (byte)1 : (byte)0;
        _parameters.MainGpu = options.MainGpu;
        _parameters.SplitMode = options.SplitOverGpus ? 1 : 0;
        if (!options.CpuTensorPatterns.IsEmpty)
        {
            // The list ends with an entry without a pattern.
            _patternCount = options.CpuTensorPatterns.Length;
            _parameters.TensorBufferOverrides = (TensorBufferOverride*)NativeMemory.AllocZeroed((nuint)_patternCount + 1, (nuint)sizeof(TensorBufferOverride));
            for (var i = 0; i < _patternCount; i++)
            {
                _parameters.TensorBufferOverrides[i] = new TensorBufferOverride { Pattern = (byte*)Marshal.StringToCoTaskMemUTF8(options.CpuTensorPatterns[i]), BufferType = LlamaLibrary.CpuBufferType };
            }
        }

        if (!options.TensorSplit.IsEmpty)
        {
            // llama.cpp reads as many shares as it supports devices.
            _splitCount = Math.Max(LlamaModelHandle.MaxDevices, options.TensorSplit.Length);
            _parameters.TensorSplit = (float*)NativeMemory.AllocZeroed((nuint)_splitCount, sizeof(float));
            options.TensorSplit.CopyTo(new Span<float>(_parameters.TensorSplit, _splitCount));
        }
    }

    public ModelParameters Parameters => _parameters;

    /// <summary>The patterns that llama.cpp is going to read, each with the buffer type of its tensors.</summary>
    public IEnumerable<(string Pattern, nint BufferType)> ReadOverrides()
    {
        var overrides = new List<(string, nint)>();
        for (var next = _parameters.TensorBufferOverrides; next is not null && next->Pattern is not null; next++)
        {
            overrides.Add((LlamaLibrary.Utf8(next->Pattern), next->BufferType));
        }

        return overrides;
    }

    /// <summary>The shares that llama.cpp is going to read; empty where it decides by free memory.</summary>
    public ReadOnlySpan<float> ReadSplit() => new(_parameters.TensorSplit, _splitCount);

    public void Dispose()
    {
        for (var i = 0; i < _patternCount; i++)
        {
            Marshal.FreeCoTaskMem((nint)_parameters.TensorBufferOverrides[i].Pattern);
        }

        NativeMemory.Free(_parameters.TensorBufferOverrides);
        NativeMemory.Free(_parameters.TensorSplit);
        _parameters = default;
    }
}
