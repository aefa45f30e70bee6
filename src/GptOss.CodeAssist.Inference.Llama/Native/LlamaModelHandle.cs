using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace GptOss.CodeAssist.Inference.Llama.Native;

/// <summary>A loaded <c>llama_model</c> and its vocabulary. Tokenisation may be called from any thread.</summary>
internal sealed unsafe partial class LlamaModelHandle : SafeHandle
{
    private readonly nint _vocabulary;

    private LlamaModelHandle(nint model)
        : base(0, ownsHandle: true)
    {
        SetHandle(model);
        _vocabulary = llama_model_get_vocab(model);
        VocabularySize = llama_vocab_n_tokens(_vocabulary);
        TrainedContextLength = llama_model_n_ctx_train(model);
        SlidingWindow = llama_model_n_swa(model);
        SizeInBytes = (long)llama_model_size(model);
        ParameterCount = (long)llama_model_n_params(model);
        LayerCount = llama_model_n_layer(model);
    }

    public override bool IsInvalid => handle == 0;

    public int VocabularySize { get; }

    public int TrainedContextLength { get; }

    /// <summary>Positions that a sliding-window layer sees, 0 when the model has no such layer.</summary>
    public int SlidingWindow { get; }

    public long SizeInBytes { get; }

    public long ParameterCount { get; }

    public int LayerCount { get; }

    /// <summary>Loads a model file whose header has been checked before.</summary>
    /// <param name="progress">Called on the loading thread with 0 to 1; returning false stops the load.</param>
    /// <returns>null when llama.cpp refused or <paramref name="progress"/> stopped it; llama.cpp's log says why.</returns>
    public static LlamaModelHandle? Load(string path, ModelLoadOptions options, Func<float, bool> progress)
    {
        var callback = GCHandle.Alloc(progress);
        try
        {
            using var chosen = new NativeModelOptions(options);
            var parameters = chosen.Parameters;
            parameters.ProgressCallback = &OnProgress;
            parameters.ProgressCallbackUserData = GCHandle.ToIntPtr(callback);
            fixed (byte* pathPointer = Encoding.UTF8.GetBytes(path + '\0'))
            {
                var model = llama_model_load_from_file(pathPointer, parameters);
                return model == 0 ? null : new LlamaModelHandle(model);
            }
        }
        finally
        {
            callback.Free();
        }
    }

    /// <summary>GPUs and other devices that llama.cpp can split a model over at most.</summary>
    public static int MaxDevices => (int)llama_max_devices();

    /// <summary>llama.cpp's own defaults, from which every load starts.</summary>
    public static ModelParameters DefaultParameters => llama_model_default_params();

    /// <summary>The scalar metadata value as llama.cpp prints it, or null.</summary>
    public string? FindMetadata(string key)
    {
        fixed (byte* keyPointer = Encoding.UTF8.GetBytes(key + '\0'))
        {
            var length = llama_model_meta_val_str(handle, keyPointer, null, 0);
            if (length < 0)
            {
                return null;
            }

            var buffer = new byte[length + 1];
            fixed (byte* pointer = buffer)
            {
                _ = llama_model_meta_val_str(handle, keyPointer, pointer, (nuint)buffer.Length);
            }

            return Encoding.UTF8.GetString(buffer, 0, length);
        }
    }

    /// <summary>The token's text as the file spells it, byte-level encoding not undone.</summary>
    public string GetTokenText(int token) => LlamaLibrary.Utf8(llama_vocab_get_text(_vocabulary, token));

    public TokenAttributes GetTokenAttributes(int token) => (TokenAttributes)llama_vocab_get_attr(_vocabulary, token);

    public bool IsEndOfGeneration(int token) => llama_vocab_is_eog(_vocabulary, token) != 0;

    /// <summary>The bytes that a token stands for; special tokens stand for their text.</summary>
    public byte[] GetTokenBytes(int token)
    {
        var buffer = stackalloc byte[64];
        var length = llama_token_to_piece(_vocabulary, token, buffer, 64, 0, 1);
        if (length >= 0)
        {
            return new ReadOnlySpan<byte>(buffer, length).ToArray();
        }

        var large = new byte[-length];
        fixed (byte* pointer = large)
        {
            _ = llama_token_to_piece(_vocabulary, token, pointer, large.Length, 0, 1);
        }

        return large;
    }

    /// <summary>Tokenises UTF-8 text. User-defined tokens inside it are still recognised by llama.cpp: see <see cref="Vocabulary.LlamaVocabulary"/>.</summary>
    public void Tokenize(ReadOnlySpan<byte> text, List<int> tokens)
    {
        if (text.IsEmpty)
        {
            return;
        }

        var buffer = new int[text.Length + 8];
        using var hold = Hold();
        fixed (byte* textPointer = text)
        fixed (int* bufferPointer = buffer)
        {
            var count = llama_tokenize(_vocabulary, textPointer, text.Length, bufferPointer, buffer.Length, 0, 0);
            if (count < 0)
            {
                throw new InvalidOperationException($"llama.cpp could not tokenise {text.Length} bytes ({count}).");
            }

            tokens.AddRange(buffer.AsSpan(0, count));
        }
    }

    /// <summary>A grammar sampler over this model's vocabulary, or null when llama.cpp cannot parse <paramref name="grammar"/>.</summary>
    public GrammarSamplerHandle? CreateGrammar(string grammar)
    {
        using var hold = Hold();
        return GrammarSamplerHandle.Create(this, _vocabulary, grammar);
    }

    /// <summary>Keeps the model in memory while a thread other than the decode thread uses it: an engine may be closed at any time.</summary>
    /// <exception cref="InferenceException">The engine is closed.</exception>
    private Lease Hold()
    {
        var held = false;
        try
        {
            DangerousAddRef(ref held);
            return new Lease(this);
        }
        catch (ObjectDisposedException exception)
        {
            throw new InferenceException(InferenceError.Unavailable, "The engine was closed.", exception);
        }
    }

    private readonly ref struct Lease(LlamaModelHandle model)
    {
        public void Dispose() => model.DangerousRelease();
    }

    protected override bool ReleaseHandle()
    {
        llama_model_free(handle);
        return true;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte OnProgress(float fraction, nint userData)
    {
        try
        {
            return GCHandle.FromIntPtr(userData).Target is Func<float, bool> progress && progress(fraction) ? (byte)1 : (byte)0;
        }
        catch (Exception)
        {
            // An exception must not cross into native code; stopping the load is the only honest answer.
            return 0;
        }
    }

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial ModelParameters llama_model_default_params();

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial nint llama_model_load_from_file(byte* path, ModelParameters parameters);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial void llama_model_free(nint model);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial nuint llama_max_devices();

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial nint llama_model_get_vocab(nint model);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial int llama_model_n_ctx_train(nint model);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial int llama_model_n_swa(nint model);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial int llama_model_n_layer(nint model);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial ulong llama_model_size(nint model);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial ulong llama_model_n_params(nint model);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial int llama_model_meta_val_str(nint model, byte* key, byte* buffer, nuint size);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial int llama_vocab_n_tokens(nint vocabulary);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial byte* llama_vocab_get_text(nint vocabulary, int token);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial int llama_vocab_get_attr(nint vocabulary, int token);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial byte llama_vocab_is_eog(nint vocabulary, int token);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial int llama_token_to_piece(nint vocabulary, int token, byte* buffer, int length, int leadingSpaces, byte special);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial int llama_tokenize(nint vocabulary, byte* text, int length, int* tokens, int capacity, byte addSpecial, byte parseSpecial);
}
