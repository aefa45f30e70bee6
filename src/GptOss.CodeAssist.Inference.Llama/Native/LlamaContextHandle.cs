using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace GptOss.CodeAssist.Inference.Llama.Native;

/// <summary>A <c>llama_context</c> and its KV cache.</summary>
/// <remarks>
/// Only the decode thread calls into it, except <see cref="RequestAbort"/>.
/// llama.cpp answers a broken precondition by aborting the process, so each is checked here first.
/// </remarks>
internal sealed unsafe partial class LlamaContextHandle : SafeHandle
{
    /// <summary>llama.cpp's flag for a state that holds the sliding-window part only.</summary>
    private const uint PartialState = 1;

    private readonly LlamaModelHandle _model;
    private readonly int* _abort;
    private readonly ComputeThreads? _threads;
    private readonly nint _memory;
    private readonly int _batchSize;
    private readonly int _maxSequences;
    private readonly int _maxOutputs;

    private LlamaContextHandle(LlamaModelHandle model, nint context, int* abort, ComputeThreads? threads, int maxOutputs)
        : base(0, ownsHandle: true)
    {
        SetHandle(context);
        _model = model;
        var added = false;
        model.DangerousAddRef(ref added);
        _abort = abort;
        _threads = threads;
        _memory = llama_get_memory(context);
        _batchSize = (int)llama_n_batch(context);
        _maxSequences = (int)llama_n_seq_max(context);
        _maxOutputs = maxOutputs;
        SequenceLength = (int)llama_n_ctx_seq(context);
        MicroBatchSize = (int)llama_n_ubatch(context);
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>Tokens that one sequence can hold.</summary>
    public int SequenceLength { get; }

    /// <summary>Most tokens in one decode.</summary>
    public int BatchSize => _batchSize;

    /// <summary>Tokens that are computed together; a longer batch is cut into such pieces.</summary>
    public int MicroBatchSize { get; }

    public static ContextParameters DefaultParameters => llama_context_default_params();

    /// <summary>Creates a context, or returns null when llama.cpp cannot (most often: memory).</summary>
    public static LlamaContextHandle? Create(LlamaModelHandle model, ContextOptions options)
    {
        var abort = (int*)NativeMemory.AllocZeroed(1, sizeof(int));
        var parameters = CreateParameters(options);
        parameters.AbortCallback = &OnAbortCheck;
        parameters.AbortCallbackData = (nint)abort;
        var context = llama_init_from_model(model.DangerousGetHandle(), parameters);
        if (context == 0)
        {
            NativeMemory.Free(abort);
            return null;
        }

        var threads = ComputeThreads.Start(Math.Max(options.Threads, options.BatchThreads));
        if (threads is not null)
        {
            llama_attach_threadpool(context, threads.DangerousGetHandle(), threads.DangerousGetHandle());
        }

        return new LlamaContextHandle(model, context, abort, threads, options.MaxOutputs);
    }

    /// <summary>The options as llama.cpp takes them, but for the abort callback.</summary>
    internal static ContextParameters CreateParameters(ContextOptions options)
    {
        var parameters = llama_context_default_params();
        parameters.ContextLength = (uint)(options.SequenceLength * options.Sequences);
        parameters.BatchSize = (uint)options.BatchSize;
        parameters.MicroBatchSize = (uint)options.MicroBatchSize;
        parameters.MaxSequences = (uint)options.Sequences;
        parameters.MaxOutputs = (uint)options.MaxOutputs;
        parameters.Threads = options.Threads;
        parameters.BatchThreads = options.BatchThreads;
        parameters.FlashAttention = options.FlashAttention switch { true => 1, false => 0, null => -1 };
        parameters.KeyType = (int)options.CacheType;
        parameters.ValueType = (int)options.CacheType;
        parameters.FullSlidingWindow = options.FullSlidingWindowCache ? (byte)1 : (byte)0;

        // Each sequence has its own stream of cells: a completion must not pay for attending over a long chat's cells.
        parameters.UnifiedCache = 0;
        return parameters;
    }

    /// <summary>Attaches LoRA adapters; they live as long as the model.</summary>
    public void SetAdapters(IReadOnlyList<LoraAdapter> adapters)
    {
        var pointers = new nint[adapters.Count];
        var scales = new float[adapters.Count];
        for (var i = 0; i < adapters.Count; i++)
        {
            fixed (byte* path = Encoding.UTF8.GetBytes(adapters[i].Path + '\0'))
            {
                pointers[i] = llama_adapter_lora_init(_model.DangerousGetHandle(), path);
            }

            scales[i] = adapters[i].Scale;
            if (pointers[i] == 0)
            {
                throw new InferenceException(InferenceError.ModelInvalid, $"llama.cpp refused the LoRA adapter '{adapters[i].Path}'; its log says why. Check that it was made for this model, or take it out of the setting `adapters`.");
            }
        }

        fixed (nint* pointersPointer = pointers)
        fixed (float* scalesPointer = scales)
        {
            if (llama_set_adapters_lora(handle, pointersPointer, (nuint)pointers.Length, scalesPointer) != 0)
            {
                throw new InferenceException(InferenceError.ModelInvalid, "llama.cpp refused the LoRA adapters.");
            }
        }
    }

    /// <summary>Evaluates a batch. After <see cref="DecodeResult.Aborted"/> part of it may be in the cache: trim every sequence it touched.</summary>
    public DecodeResult Decode(TokenBatch batch)
    {
        if (batch.Count == 0 || batch.Count > _batchSize)
        {
            throw new ArgumentOutOfRangeException(nameof(batch), $"{batch.Count} tokens do not fit a batch of 1 to {_batchSize}.");
        }

        LlamaLibrary.SetAbortOfThisThread(_abort);
        var result = llama_decode(handle, batch.ToNative());

        // A GPU may still be computing: whoever measures or cancels wants to know when it is done.
        llama_synchronize(handle);
        LlamaLibrary.SetAbortOfThisThread(null);
        return result switch
        {
            0 => DecodeResult.Done,
            1 => DecodeResult.CacheFull,
            2 => DecodeResult.Aborted,
            _ => DecodeResult.Failed,
        };
    }

    /// <summary>Makes the running or the next decode stop at the next chance, on the CPU between two operations. Any thread may call it.</summary>
    public void RequestAbort() => Volatile.Write(ref *_abort, 1);

    public void ClearAbort() => Volatile.Write(ref *_abort, 0);

    /// <summary>The logits after the token at <paramref name="batchIndex"/>, which was added with output; valid until the next decode.</summary>
    public Span<float> GetLogits(int batchIndex)
    {
        var row = llama_get_logits_ith(handle, batchIndex);
        return row is null
            ? throw new InvalidOperationException($"The batch has no logits at {batchIndex}.")
            : new Span<float>(row, _model.VocabularySize);
    }

    /// <summary>Most tokens of one decode that may be marked for output.</summary>
    public int MaxOutputs => _maxOutputs;

    /// <summary>Removes positions from <paramref name="from"/> on. Says nothing about whether what is left can be continued.</summary>
    public void RemoveFrom(int sequence, int from) => llama_memory_seq_rm(_memory, CheckSequence(sequence), from, -1);

    /// <summary>The first position of which every layer still holds the cells, or -1 for an empty sequence.</summary>
    public int GetMinPosition(int sequence) => llama_memory_seq_pos_min(_memory, CheckSequence(sequence));

    /// <summary>Replaces a whole sequence by a copy of another.</summary>
    public void CopySequence(int from, int to) => llama_memory_seq_cp(_memory, CheckSequence(from), CheckSequence(to), -1, -1);

    /// <summary>The sliding-window cells of a sequence, to come back to with <see cref="RestorePartialState"/>.</summary>
    public byte[] SavePartialState(int sequence)
    {
        var size = llama_state_seq_get_size_ext(handle, CheckSequence(sequence), PartialState);
        var state = new byte[size];
        fixed (byte* pointer = state)
        {
            var written = llama_state_seq_get_data_ext(handle, pointer, size, sequence, PartialState);
            return written == size ? state : throw new InvalidOperationException($"llama.cpp wrote {written} of {size} bytes of state.");
        }
    }

    /// <summary>Puts saved sliding-window cells back; false when llama.cpp refused them.</summary>
    public bool RestorePartialState(int sequence, byte[] state)
    {
        fixed (byte* pointer = state)
        {
            return llama_state_seq_set_data_ext(handle, pointer, (nuint)state.Length, CheckSequence(sequence), PartialState) != 0;
        }
    }

    protected override bool ReleaseHandle()
    {
        llama_free(handle);
        _threads?.Dispose();
        NativeMemory.Free(_abort);
        _model.DangerousRelease();
        return true;
    }

    private int CheckSequence(int sequence) => sequence >= 0 && sequence < _maxSequences
        ? sequence
        : throw new ArgumentOutOfRangeException(nameof(sequence), $"{sequence} is not one of the context's {_maxSequences} sequences.");

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte OnAbortCheck(nint flag) => (byte)Volatile.Read(ref *(int*)flag);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial ContextParameters llama_context_default_params();

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial nint llama_init_from_model(nint model, ContextParameters parameters);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial void llama_free(nint context);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial nint llama_get_memory(nint context);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial void llama_attach_threadpool(nint context, nint pool, nint batchPool);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial uint llama_n_ctx_seq(nint context);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial uint llama_n_batch(nint context);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial uint llama_n_ubatch(nint context);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial uint llama_n_seq_max(nint context);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial int llama_decode(nint context, NativeBatch batch);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial void llama_synchronize(nint context);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial float* llama_get_logits_ith(nint context, int index);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial byte llama_memory_seq_rm(nint memory, int sequence, int from, int to);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial void llama_memory_seq_cp(nint memory, int from, int to, int fromPosition, int toPosition);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial int llama_memory_seq_pos_min(nint memory, int sequence);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial nuint llama_state_seq_get_size_ext(nint context, int sequence, uint flags);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial nuint llama_state_seq_get_data_ext(nint context, byte* data, nuint size, int sequence, uint flags);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial nuint llama_state_seq_set_data_ext(nint context, byte* data, nuint size, int sequence, uint flags);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial nint llama_adapter_lora_init(nint model, byte* path);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial int llama_set_adapters_lora(nint context, nint* adapters, nuint count, float* scales);
}
