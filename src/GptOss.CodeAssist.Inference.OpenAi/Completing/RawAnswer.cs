using System.Text;
using GptOss.CodeAssist.Inference.OpenAi.Vocabularies;

namespace GptOss.CodeAssist.Inference.OpenAi.Completing;

/// <summary>An answer while it comes: special tokens by their numbers, the healed text taken off and checked, the request's stops and limits kept.</summary>
/// <remarks>
/// The numbers decide which tokens are special and how many; the text says what stands between them. So a model that spells a marker in
/// ordinary tokens has written text.
/// </remarks>
internal sealed class RawAnswer(GenerationRequest request, string healed, IServedVocabulary vocabulary, UsageClock clock)
{
    private readonly AnswerText _text = new(0, request.StopStrings);
    private readonly HashSet<string> _stops = [.. request.StopTokens];
    private string _healedLeft = healed;
    private int _constraintState = request.Constraint?.Start ?? IByteConstraint.Free;
    private int _reported;
    private FinishReason? _reason;
    private string? _stoppedBy;

    /// <summary>Whether nothing more is wanted.</summary>
    public bool IsOver => _reason is not null || Disagrees;

    /// <summary>Whether the answer begins otherwise than the healed text, so that nothing of it may be used. Nothing of it was.</summary>
    public bool Disagrees { get; private set; }

    /// <summary>The tokens that an event brings.</summary>
    public IEnumerable<GenerationEvent.Token> Take(RawChunk chunk)
    {
        clock.Count(chunk.Ids.Length);
        clock.GeneratedTokens = Math.Max(clock.GeneratedTokens, chunk.GeneratedTokens ?? 0);
        clock.ReusedTokens = chunk.ReusedTokens ?? clock.ReusedTokens;
        if (IsOver)
        {
            yield break;
        }

        if (request.MaxTokens == 0)
        {
            // The prompt alone was wanted; a server that cannot do without an answer wrote one.
            _reason = chunk.IsEnd ? FinishReason.TokenLimit : null;
            yield break;
        }

        var number = 0;
        foreach (var (text, special) in Split(chunk))
        {
            if (TakeOrdinary(text) is { } certain && (certain.Length > 0 || text.Length > 0))
            {
                yield return new GenerationEvent.Token(chunk.Ids.Length > 0 ? chunk.Ids[^1] : -1, certain, null, LogProbability(chunk, number++));
                _reported++;
            }

            if (!IsOver && special is not null)
            {
                if (Stop(special))
                {
                    break;
                }

                yield return new GenerationEvent.Token(vocabulary.FindSpecial(special) ?? -1, "", special, LogProbability(chunk, number++));
                _reported++;
            }

            if (IsOver)
            {
                yield break;
            }
        }

        if (_reason is null && !Disagrees)
        {
            if (chunk.IsEnd)
            {
                End(chunk.IsCut);
            }
            else if (_reported >= request.MaxTokens)
            {
                _reason = FinishReason.TokenLimit;
            }
        }
    }

    public GenerationEvent.Finished Finish() => new(_reason ?? FinishReason.EndOfGeneration, clock.Read()) { RemainingText = Disagrees ? "" : _text.Finish(), StoppedBy = _stoppedBy };

    private void End(bool isCut)
    {
        Disagrees = _healedLeft.Length > 0;
        _reason = isCut ? FinishReason.TokenLimit : FinishReason.EndOfGeneration;
    }

    /// <summary>True when the special token ends the answer.</summary>
    private bool Stop(string special)
    {
        if (_healedLeft.Length > 0)
        {
            Disagrees = true;
            return true;
        }

        if (!_stops.Contains(special))
        {
            return false;
        }

        (_reason, _stoppedBy) = (FinishReason.StopToken, special);
        return true;
    }

    /// <summary>The text that became certain; null where nothing of it counts.</summary>
    private string? TakeOrdinary(string text)
    {
        if (_healedLeft.Length > 0)
        {
            var shared = Math.Min(_healedLeft.Length, text.Length);
            Disagrees = !text.AsSpan(0, shared).SequenceEqual(_healedLeft.AsSpan(0, shared));
            (_healedLeft, text) = (_healedLeft[shared..], text[shared..]);
            if (Disagrees || text.Length == 0)
            {
                return null;
            }
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        var allowed = CountAllowed(bytes);
        var certain = _text.Append(bytes.AsSpan(0, allowed));
        if (_text.ReachedStop is { } stop)
        {
            (_reason, _stoppedBy) = (FinishReason.StopString, stop);
        }
        else if (allowed < bytes.Length)
        {
            _reason = FinishReason.ConstraintEnded;
        }

        return certain;
    }

    /// <summary>How many bytes the request's constraint lets through; the server knows nothing of it.</summary>
    private int CountAllowed(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length && _constraintState != IByteConstraint.Free; i++)
        {
            _constraintState = request.Constraint!.Advance(_constraintState, bytes[i]);
            if (_constraintState == IByteConstraint.Rejected)
            {
                return i;
            }
        }

        return bytes.Length;
    }

    /// <summary>The event's text between its special tokens.</summary>
    private IEnumerable<(string Text, string? Special)> Split(RawChunk chunk)
    {
        var start = 0;
        foreach (var name in chunk.Ids.Select(vocabulary.FindSpecialName).OfType<string>())
        {
            // Servers write some special tokens into the text and leave others out.
            var found = chunk.Text.IndexOf(name, start, StringComparison.Ordinal);
            var end = found < 0 ? chunk.Text.Length : found;
            yield return (chunk.Text[start..end], name);
            start = found < 0 ? end : found + name.Length;
        }

        yield return (chunk.Text[start..], null);
    }

    private static float LogProbability(RawChunk chunk, int number) => number < chunk.LogProbabilities.Length ? chunk.LogProbabilities[number] : float.NaN;
}
