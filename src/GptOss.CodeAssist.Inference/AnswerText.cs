using System.Collections.Immutable;
using System.Text;

namespace GptOss.CodeAssist.Inference;

/// <summary>Turns an answer's bytes into text: holds back unfinished UTF-8 and what may become a stop string, and drops the healed bytes.</summary>
/// <param name="healedBytes">Bytes at the answer's start that stand in the prompt already.</param>
/// <param name="stopStrings">Texts that end the answer.</param>
public sealed class AnswerText(int healedBytes, ImmutableArray<string> stopStrings)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _pending = new();
    private int _bytesToSkip = healedBytes;
    private bool _isMidCharacter;

    /// <summary>The stop string that was reached, or null.</summary>
    public string? ReachedStop { get; private set; }

    /// <summary>The text that became certain; what belongs to a stop string never is.</summary>
    /// <param name="bytes">A token's bytes.</param>
    /// <param name="text">The same as text where they are whole characters, so that most tokens need no new text; else null.</param>
    public string Append(ReadOnlySpan<byte> bytes, string? text = null)
    {
        var isAsItIs = text is not null && _bytesToSkip == 0 && _pending.Length == 0 && !_isMidCharacter && !MayBeginStop(text);
        _isMidCharacter = text is null;
        if (isAsItIs)
        {
            return text!;
        }

        var skipped = Math.Min(_bytesToSkip, bytes.Length);
        _bytesToSkip -= skipped;
        Decode(bytes[skipped..], flush: false);
        return TakeCertain();
    }

    /// <summary>The text that was held back, once no more bytes can come.</summary>
    public string Finish()
    {
        if (ReachedStop is not null)
        {
            return "";
        }

        Decode([], flush: true);
        var rest = TakeCertain() + _pending;
        _pending.Clear();
        return rest;
    }

    private bool MayBeginStop(string text)
    {
        foreach (var stop in stopStrings)
        {
            if (stop.Length == 0 || text.Contains(stop[0]))
            {
                return true;
            }
        }

        return false;
    }

    private void Decode(ReadOnlySpan<byte> bytes, bool flush)
    {
        Span<char> buffer = stackalloc char[256];
        do
        {
            _decoder.Convert(bytes, buffer, flush, out var bytesUsed, out var charsUsed, out _);
            _pending.Append(buffer[..charsUsed]);
            bytes = bytes[bytesUsed..];
        }
        while (!bytes.IsEmpty);
    }

    private string TakeCertain()
    {
        if (_pending.Length == 0)
        {
            return "";
        }

        var text = _pending.ToString();
        var certain = text.Length;
        foreach (var stop in stopStrings)
        {
            var found = text.IndexOf(stop, StringComparison.Ordinal);
            if (found >= 0 && (ReachedStop is null || found < certain))
            {
                (ReachedStop, certain) = (stop, found);
            }
        }

        if (ReachedStop is null)
        {
            var heldBack = 0;
            foreach (var stop in stopStrings)
            {
                heldBack = Math.Max(heldBack, OverlapLength(text, stop));
            }

            certain -= heldBack;
        }

        _pending.Clear();
        if (ReachedStop is null)
        {
            _pending.Append(text, certain, text.Length - certain);
        }

        return text[..certain];
    }

    /// <summary>The length of the longest end of <paramref name="text"/> with which <paramref name="stop"/> begins.</summary>
    private static int OverlapLength(string text, string stop)
    {
        for (var length = Math.Min(stop.Length - 1, text.Length); length > 0; length--)
        {
            if (text.AsSpan(text.Length - length).SequenceEqual(stop.AsSpan(0, length)))
            {
                return length;
            }
        }

        return 0;
    }
}
