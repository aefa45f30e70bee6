using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace GptOss.CodeAssist.Inference.Llama.Native;

/// <summary>llama.cpp's GBNF grammar sampler. Used by the decode thread only.</summary>
internal sealed unsafe partial class GrammarSamplerHandle : SafeHandle
{
    private LlamaModelHandle? _model;

    private GrammarSamplerHandle(nint sampler)
        : base(0, ownsHandle: true) => SetHandle(sampler);

    public override bool IsInvalid => handle == 0;

    public static GrammarSamplerHandle? Create(LlamaModelHandle model, nint vocabulary, string grammar)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(grammar + '\0'))
        fixed (byte* root = "root\0"u8)
        {
            var sampler = llama_sampler_init_grammar(vocabulary, text, root);
            if (sampler == 0)
            {
                return null;
            }

            // The sampler reads the model's vocabulary as long as it lives.
            var result = new GrammarSamplerHandle(sampler);
            var added = false;
            model.DangerousAddRef(ref added);
            result._model = model;
            return result;
        }
    }

    /// <summary>Sets the logits of forbidden candidates to minus infinity.</summary>
    public void Apply(Span<TokenCandidate> candidates)
    {
        fixed (TokenCandidate* pointer = candidates)
        {
            var array = new CandidateArray { Data = pointer, Count = (nuint)candidates.Length, Selected = -1 };
            llama_sampler_apply(handle, &array);
        }
    }

    /// <summary>Moves the grammar on over a token that <see cref="Apply"/> allowed; any other token would abort the process.</summary>
    public void Accept(int token) => llama_sampler_accept(handle, token);

    protected override bool ReleaseHandle()
    {
        llama_sampler_free(handle);
        _model?.DangerousRelease();
        return true;
    }

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial nint llama_sampler_init_grammar(nint vocabulary, byte* grammar, byte* root);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial void llama_sampler_apply(nint sampler, CandidateArray* candidates);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial void llama_sampler_accept(nint sampler, int token);

    [LibraryImport(LlamaLibrary.Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial void llama_sampler_free(nint sampler);
}

/// <summary>llama.cpp's <c>llama_token_data</c>, 12 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TokenCandidate
{
    public int Token;
    public float Logit;
    public float Probability;
}

/// <summary>llama.cpp's <c>llama_token_data_array</c>, 32 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CandidateArray
{
    public TokenCandidate* Data;
    public nuint Count;
    public long Selected;
    public byte Sorted;
}
