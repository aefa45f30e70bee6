using System.Runtime.InteropServices;

namespace GptOss.CodeAssist.Inference.Llama.Native;

/// <summary>The arrays behind one <c>llama_batch</c>, allocated once and filled again for every decode.</summary>
/// <remarks>Used by the decode thread only.</remarks>
internal sealed unsafe class TokenBatch : IDisposable
{
    private readonly int* _tokens;
    private readonly int* _positions;
    private readonly int* _sequenceCounts;
    private readonly int* _sequences;
    private readonly int** _sequencePointers;
    private readonly sbyte* _outputs;

    /// <param name="capacity">Most tokens in one decode.</param>
    public TokenBatch(int capacity)
    {
        Capacity = capacity;
        var count = (nuint)capacity;
        _tokens = (int*)NativeMemory.Alloc(count, sizeof(int));
        _positions = (int*)NativeMemory.Alloc(count, sizeof(int));
        _sequenceCounts = (int*)NativeMemory.Alloc(count, sizeof(int));
        _sequences = (int*)NativeMemory.Alloc(count, sizeof(int));
        _sequencePointers = (int**)NativeMemory.Alloc(count, (nuint)sizeof(int*));
        _outputs = (sbyte*)NativeMemory.Alloc(count, sizeof(sbyte));
        for (var i = 0; i < capacity; i++)
        {
            _sequenceCounts[i] = 1;
            _sequencePointers[i] = _sequences + i;
        }
    }

    public int Capacity { get; }

    public int Count { get; private set; }

    /// <summary>Appends one token and returns its index in the batch.</summary>
    public int Add(int token, int position, int sequence, bool output)
    {
        if (Count == Capacity)
        {
            throw new InvalidOperationException($"The batch holds {Capacity} tokens already.");
        }

        _tokens[Count] = token;
        _positions[Count] = position;
        _sequences[Count] = sequence;
        _outputs[Count] = output ? (sbyte)1 : (sbyte)0;
        return Count++;
    }

    public void Clear() => Count = 0;

    public NativeBatch ToNative() => new()
    {
        TokenCount = Count,
        Tokens = _tokens,
        Positions = _positions,
        SequenceCounts = _sequenceCounts,
        Sequences = _sequencePointers,
        Outputs = _outputs,
    };

    public void Dispose()
    {
        NativeMemory.Free(_tokens);
        NativeMemory.Free(_positions);
        NativeMemory.Free(_sequenceCounts);
        NativeMemory.Free(_sequences);
        NativeMemory.Free(_sequencePointers);
        NativeMemory.Free(_outputs);
    }
}

/// <summary>llama.cpp's <c>llama_batch</c>, 56 bytes, passed by value.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeBatch
{
    public int TokenCount;
    public int* Tokens;
    public float* Embeddings;
    public int* Positions;
    public int* SequenceCounts;
    public int** Sequences;
    public sbyte* Outputs;
}
