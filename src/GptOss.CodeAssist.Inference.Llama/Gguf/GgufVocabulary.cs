using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;

namespace GptOss.CodeAssist.Inference.Llama.Gguf;

/// <summary>What a model file says about its tokens.</summary>
/// <param name="Size">Number of tokens.</param>
/// <param name="SpecialTokens">Texts of the control and user-defined tokens.</param>
internal sealed record GgufVocabulary(int Size, ImmutableHashSet<string> SpecialTokens)
{
    private const string TokensKey = "tokenizer.ggml.tokens";
    private const string TypesKey = "tokenizer.ggml.token_type";

    // LLAMA_TOKEN_TYPE_CONTROL and LLAMA_TOKEN_TYPE_USER_DEFINED in llama.cpp's include/llama.h.
    private const int ControlToken = 3;
    private const int UserDefinedToken = 4;

    /// <summary>Reads the vocabulary of <paramref name="file"/>.</summary>
    /// <exception cref="InferenceException">There is none, or llama.cpp would end the process on it.</exception>
    public static GgufVocabulary Read(GgufFile file)
    {
        var tokens = file.FindArray(TokensKey) is { ElementType: GgufValueType.Text, Count: > 0 } found
            ? file.ReadTexts(found)
            : throw GgufErrors.Invalid(file.Path, $"has no vocabulary ('{TokensKey}')");
        RequireUnique(file, tokens);
        var types = ReadTypes(file, tokens.Length);
        var special = tokens.Where((_, id) => types[id] is ControlToken or UserDefinedToken).Select(Encoding.UTF8.GetString);
        return new GgufVocabulary(tokens.Length, [.. special]);
    }

    private static ImmutableArray<int> ReadTypes(GgufFile file, int count) => file.FindArray(TypesKey) switch
    {
        null => [.. new int[count]],
        { ElementType: GgufValueType.Int32 } types when types.Count == count => file.ReadInt32s(types),
        _ => throw GgufErrors.Invalid(file.Path, $"does not give every token a type ('{TypesKey}')"),
    };

    /// <summary>llama.cpp asserts that no text stands for two tokens, and an assertion ends the process.</summary>
    private static void RequireUnique(GgufFile file, ImmutableArray<byte[]> tokens)
    {
        var seen = new HashSet<byte[]>(tokens.Length, ByteComparer.Instance);
        for (var id = 0; id < tokens.Length; id++)
        {
            // llama.cpp names an empty token after its position.
            var text = tokens[id].Length == 0 ? Encoding.ASCII.GetBytes($"[EMPTY_{id}]") : tokens[id];
            if (!seen.Add(text))
            {
                throw GgufErrors.Invalid(file.Path, $"has two tokens '{Encoding.UTF8.GetString(text)}'");
            }
        }
    }

    private sealed class ByteComparer : IEqualityComparer<byte[]>
    {
        public static ByteComparer Instance { get; } = new();

        public bool Equals(byte[]? left, byte[]? right) => left.AsSpan().SequenceEqual(right);

        // A string's hash, because it is seeded anew in every process and cannot be flooded on purpose.
        public int GetHashCode(byte[] bytes) => bytes.Length % 2 == 0
            ? string.GetHashCode(MemoryMarshal.Cast<byte, char>(bytes))
            : HashCode.Combine(string.GetHashCode(MemoryMarshal.Cast<byte, char>(bytes.AsSpan(0, bytes.Length - 1))), bytes[^1]);
    }
}
