using GptOss.CodeAssist.Harmony;
using GptOss.CodeAssist.Inference.OpenAi.Vocabularies;

namespace GptOss.CodeAssist.Inference.OpenAi.Probing;

/// <summary>Text of our own on which vocabularies show whether they are the same.</summary>
internal static class ProbeText
{
    /// <summary>Words, digits, indentation, line ends of both kinds, and letters beyond ASCII.</summary>
    public const string Ordinary = "public int Count1234 { get; }\r\n\n        // naïve 漢字 Привет 🙂\n\tstring.IsNullOrEmpty(x) ?? \"\";";

    private static readonly string[] Header = [HarmonyTokens.Start, "assistant", HarmonyTokens.Channel, "final", HarmonyTokens.Message];

    /// <summary>The same behind the markers of an opened answer, as text.</summary>
    public static string Marked => string.Concat(Header) + Ordinary;

    /// <summary>The tokens of <see cref="Marked"/> with its markers obeyed.</summary>
    public static async Task<int[]> TokenizeMarkedAsync(IServedVocabulary vocabulary, CancellationToken cancellationToken)
    {
        var ids = new List<int>();
        foreach (var part in Header.Append(Ordinary))
        {
            ids.AddRange(vocabulary.FindSpecial(part) is { } special ? [special] : (await vocabulary.TokenizeAsync(part, cancellationToken)).Select(token => token.Id));
        }

        return [.. ids];
    }
}
