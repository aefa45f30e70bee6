using GptOss.CodeAssist.Inference;

namespace GptOss.CodeAssist.Harmony.Tests;

/// <summary>Harmony written as one string, in which special tokens are spelled out: how the specification shows it.</summary>
internal static class HarmonyText
{
    public static string Show(IEnumerable<PromptPart> prompt) => string.Concat(prompt.Select(part => part switch
    {
        PromptPart.Special special => special.Name,
        PromptPart.Text text => text.Value,
        _ => "",
    }));

    /// <summary>Cuts a spelled-out text into the tokens a model would say; ordinary text in pieces of <paramref name="pieceLength"/> characters.</summary>
    public static IEnumerable<GenerationEvent.Token> Tokens(string spelled, int pieceLength = 3)
    {
        for (var at = 0; at < spelled.Length;)
        {
            var special = spelled.AsSpan(at).StartsWith("<|") ? spelled[at..(spelled.IndexOf("|>", at, StringComparison.Ordinal) + 2)] : null;
            var next = spelled.IndexOf("<|", at, StringComparison.Ordinal);
            var length = special?.Length ?? Math.Min(pieceLength, (next < 0 ? spelled.Length : next) - at);
            yield return Token(special is null ? spelled.Substring(at, length) : "", special);
            at += length;
        }
    }

    public static GenerationEvent.Token Token(string text, string? special = null) => new(-1, text, special, 0);

    /// <summary>The messages of a spelled-out stream and what was wrong with it, one line each.</summary>
    public static string Parse(string spelled, HarmonyParserOptions? options = null, int pieceLength = 3)
    {
        var parser = new HarmonyParser(options);
        var events = Tokens(spelled, pieceLength).SelectMany(parser.Read).ToList();
        events.AddRange(parser.Finish());
        return string.Join('\n', events.Select(Describe).Where(line => line is not null));
    }

    private static string? Describe(HarmonyEvent found) => found switch
    {
        HarmonyEvent.Malformed malformed => $"! {malformed.Problem}",
        HarmonyEvent.MessageEnded ended => $"{Describe(ended.Message.Header)}: {ended.Message.TextContent}{(ended.Complete ? "" : " (incomplete)")}",
        _ => null,
    };

    private static string Describe(HarmonyHeader header)
    {
        var type = header.ContentType is { } content ? $" as {(content.Constrained ? "strict " : "")}{content.Name}" : "";
        var recipient = header.Recipient is { } to ? $" to {to} {header.RecipientPlacement}" : "";
        return $"{header.Role}{(header.Name is { } name ? $" {name}" : "")}{recipient} on {header.Channel ?? "-"}{type} [{header.Kind}]";
    }
}
