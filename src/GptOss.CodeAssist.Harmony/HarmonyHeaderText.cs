using System.Text;

namespace GptOss.CodeAssist.Harmony;

/// <summary>Collects a header while it streams in, and reads it.</summary>
/// <remarks>
/// The areas of a header are the role's (before <c>&lt;|channel|&gt;</c>), the channel's and the constrained type's; each is words with blanks between them.
/// Recipients may stand in either of the first two. A repeated <c>&lt;|channel|&gt;</c>, which models do write, begins the channel's area again.
/// </remarks>
internal sealed class HarmonyHeaderText(bool roleIsKnown)
{
    // No real header comes near this length; a text that does is content whose <|message|> the model forgot.
    private const int LongestHeader = 200;

    private readonly StringBuilder _role = new();
    private readonly StringBuilder _constrain = new();
    private StringBuilder? _channel;
    private bool _inConstrain;

    public bool IsEmpty => _role.Length == 0 && _channel is null && _constrain.Length == 0;

    /// <summary>Whether this cannot be a header any more: too long, or of several lines.</summary>
    public bool IsContent { get; private set; }

    public bool HasRepeatedChannel { get; private set; }

    public void Append(string text)
    {
        var area = _inConstrain ? _constrain : _channel ?? _role;
        area.Append(text);
        IsContent |= (text.Contains('\n', StringComparison.Ordinal) && area.ToString().TrimStart().Contains('\n', StringComparison.Ordinal))
            || _role.Length + (_channel?.Length ?? 0) + _constrain.Length > LongestHeader;
    }

    public void BeginChannel()
    {
        HasRepeatedChannel |= _channel is not null;
        _channel = new StringBuilder();
        _inConstrain = false;
    }

    public void BeginConstrain() => _inConstrain = true;

    /// <summary>Reads a header that <c>&lt;|message|&gt;</c> has ended.</summary>
    /// <returns>The header, and what is wrong with it; null where nothing is.</returns>
    public (HarmonyHeader Header, string? Problem) Read()
    {
        var problems = new List<string>();
        var words = Words(_role);
        var (role, name) = ReadRole(words, problems);
        var (recipient, placement, type) = ReadRest(words, RecipientPlacement.AfterRole, (null, RecipientPlacement.AfterRole, null), problems);
        string? channel = null;
        if (_channel is not null)
        {
            var channelWords = Words(_channel);
            channel = channelWords.TryDequeue(out var first) ? ReadChannel(first, problems) : null;
            if (first is null)
            {
                problems.Add("the channel has no name");
            }

            (recipient, placement, type) = ReadRest(channelWords, RecipientPlacement.AfterChannel, (recipient, placement, type), problems, isAnswer: channel == HarmonyChannels.Final);
        }

        if (HasRepeatedChannel)
        {
            problems.Add("the header names two channels");
        }

        var constrained = Words(_constrain);
        if (constrained.TryDequeue(out var constrainedType))
        {
            type = new HarmonyContentType(constrainedType, Constrained: true);
            (recipient, placement, _) = ReadRest(constrained, RecipientPlacement.AfterChannel, (recipient, placement, type), problems);
        }

        var header = new HarmonyHeader
        {
            Role = role,
            Name = name,
            Recipient = recipient,
            RecipientPlacement = placement,
            Channel = channel,
            ContentType = type,
        };
        return (header, problems.Count > 0 ? string.Join("; ", problems) : null);
    }

    /// <summary>Reads a header without <c>&lt;|message|&gt;</c>: what is not recognised is content.</summary>
    public (HarmonyHeader Header, string Content) Recover()
    {
        var area = _channel ?? _role;
        var rest = (area.ToString() + _constrain).AsSpan();
        string? channel = null;
        string? recipient = null;
        if (_channel is null)
        {
            TakeWord(ref rest, word => word is "assistant");
        }
        else if (TakeWord(ref rest, IsKnownChannel) is { } known)
        {
            channel = known;
        }

        if (TakeWord(ref rest, word => word.StartsWith("to=", StringComparison.Ordinal)) is { } to)
        {
            recipient = to[3..];
        }

        return (new HarmonyHeader { Role = HarmonyRole.Assistant, Channel = channel, Recipient = recipient }, rest.TrimStart().ToString());
    }

    private (HarmonyRole Role, string? Name) ReadRole(Queue<string> words, List<string> problems)
    {
        if (words.TryPeek(out var word) && !word.StartsWith("to=", StringComparison.Ordinal))
        {
            var colon = word.IndexOf(':', StringComparison.Ordinal);
            HarmonyRole? role = (colon < 0 ? word : word[..colon]) switch
            {
                "system" => HarmonyRole.System,
                "developer" => HarmonyRole.Developer,
                "user" => HarmonyRole.User,
                "assistant" => HarmonyRole.Assistant,
                _ => null,
            };
            if (role is { } known)
            {
                words.Dequeue();
                return (known, colon < 0 ? null : word[(colon + 1)..]);
            }

            // A tool's answer has the tool's name where others have their role; only a name with a namespace, or one that addresses somebody, is one.
            if (!roleIsKnown && (word.Contains('.', StringComparison.Ordinal) || words.Skip(1).Any(next => next.StartsWith("to=", StringComparison.Ordinal))))
            {
                return (HarmonyRole.Tool, words.Dequeue());
            }
        }

        if (!roleIsKnown)
        {
            problems.Add("the header names no role");
        }

        return (HarmonyRole.Assistant, null);
    }

    private static string ReadChannel(string word, List<string> problems)
    {
        if (IsKnownChannel(word))
        {
            return word;
        }

        // Models decorate the name now and then: "commentary?", "––commentary".
        var letters = string.Concat(word.Where(char.IsAsciiLetter));
        problems.Add($"there is no channel \"{word}\"");
        return IsKnownChannel(letters) ? letters : word;
    }

    private static (string? Recipient, RecipientPlacement Placement, HarmonyContentType? Type) ReadRest(
        Queue<string> words,
        RecipientPlacement placement,
        (string? Recipient, RecipientPlacement Placement, HarmonyContentType? Type) found,
        List<string> problems,
        bool isAnswer = false)
    {
        while (words.TryDequeue(out var word))
        {
            if (word.StartsWith("to=", StringComparison.Ordinal) && word.Length > 3)
            {
                found = (word[3..], placement, found.Type);
            }
            else if (word is "json" or "code" or "text")
            {
                found.Type = new HarmonyContentType(word, Constrained: false);
            }
            else if (words.Count == 0 && found.Recipient is not null && found.Type is null && IsName(word))
            {
                found.Type = new HarmonyContentType(word, Constrained: false);
            }
            else if (found.Recipient is null && placement == RecipientPlacement.AfterChannel && IsName(word) && (!isAnswer || word.Contains('.', StringComparison.Ordinal)))
            {
                // The reference parser takes a single word after the channel for the recipient; an answer that began with one would be lost as a call.
                found = (word, placement, found.Type);
            }
            else
            {
                problems.Add($"\"{word}\" has no place in a header");
            }
        }

        return found;
    }

    private static bool IsKnownChannel(string word) => word is HarmonyChannels.Analysis or HarmonyChannels.Commentary or HarmonyChannels.Final;

    private static bool IsName(string word) => word.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-') && char.IsAsciiLetter(word[0]);

    private static Queue<string> Words(StringBuilder text) =>
        new(text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string? TakeWord(ref ReadOnlySpan<char> text, Func<string, bool> predicate)
    {
        var trimmed = text.TrimStart();
        var end = trimmed.IndexOfAny(" \t\r\n");
        var word = (end < 0 ? trimmed : trimmed[..end]).ToString();
        if (!predicate(word))
        {
            return null;
        }

        text = trimmed[word.Length..];
        return word;
    }
}
