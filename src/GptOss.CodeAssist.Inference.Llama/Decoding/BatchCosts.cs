namespace GptOss.CodeAssist.Inference.Llama.Decoding;

/// <summary>What batches cost, learnt from those that a context computed; tells how long a draft pays, and how much of a prompt may be read at once.</summary>
/// <remarks>
/// Used by the decode thread only; one for a context, because costs are the model's and the machine's.
/// Where weights are fetched from memory for every token (a GPU, a large model) a batch costs little more than a token; a small model computes every token of a batch anew,
/// and a draft pays only when nearly all of it is accepted.
/// </remarks>
internal sealed class BatchCosts
{
    /// <summary>A draft must promise this much more than writing token by token: estimates are not exact.</summary>
    private const double Margin = 1.05;

    /// <summary>The draft length that is tried while no cost is known.</summary>
    private const int FirstLength = 7;

    /// <summary>After so many drafts that did not seem to pay, costs are learnt anew: whatever made batches dear may be over.</summary>
    private const int MaxRefusals = 256;

    /// <summary>How much of a learnt time the newest measurement is.</summary>
    private const double Blend = 0.2;

    /// <summary>How long a batch may take that nobody is typing for, so that a completion never waits longer for its turn.</summary>
    private const double PatientMilliseconds = 150;

    private const int MinPatientChunk = 32;

    /// <summary>Few lengths, because llama.cpp builds its graph anew whenever a batch has another size than the one before (<c>llm_graph_params::allow_reuse</c>).</summary>
    private static readonly int[] Lengths = [1, 3, 7, 15, 31, 63];

    private readonly double[] _milliseconds = new double[Lengths.Length];
    private double _singleMilliseconds;
    private double _switchMilliseconds;
    private double _promptTokenMilliseconds;
    private int _previousTokens;
    private int _refusals;

    /// <summary>Learns from a batch of one answering request.</summary>
    /// <param name="tokens">Tokens of the batch: the answer's last, and the draft after it.</param>
    /// <param name="milliseconds">What computing it took.</param>
    public void Learn(int tokens, double milliseconds)
    {
        var isSwitch = tokens != _previousTokens;
        _previousTokens = tokens;
        if (tokens == 1 && isSwitch && _singleMilliseconds > 0)
        {
            _switchMilliseconds += Blend * (Math.Clamp(milliseconds - _singleMilliseconds, 0, _singleMilliseconds) - _switchMilliseconds);
        }
        else if (tokens == 1)
        {
            _singleMilliseconds = Mix(_singleMilliseconds, milliseconds, expected: milliseconds);
        }
        else if (Array.IndexOf(Lengths, tokens - 1) is var i && i >= 0)
        {
            _milliseconds[i] = Mix(_milliseconds[i], milliseconds, expected: Estimate(i));
        }
    }

    /// <summary>Learns from a batch with prompts in it, or with answers of several requests.</summary>
    /// <param name="tokens">Tokens of the batch.</param>
    /// <param name="milliseconds">What computing it took.</param>
    public void LearnMixed(int tokens, double milliseconds)
    {
        // After it llama.cpp builds its graph anew.
        _previousTokens = 0;
        if (tokens >= MinPatientChunk)
        {
            var measured = milliseconds / tokens;
            _promptTokenMilliseconds = _promptTokenMilliseconds == 0 ? measured : _promptTokenMilliseconds + (0.3 * (measured - _promptTokenMilliseconds));
        }
    }

    /// <summary>How many tokens of a prompt that nobody is typing for may be read at once.</summary>
    /// <param name="limit">Most tokens that are computed together.</param>
    public int ChoosePatientChunk(int limit) => _promptTokenMilliseconds == 0
        ? Math.Min(MinPatientChunk, limit)
        : Math.Clamp((int)(PatientMilliseconds / _promptTokenMilliseconds), Math.Min(MinPatientChunk, limit), limit);

    /// <summary>The draft length that promises the most tokens a second; 0 where none promises more than writing token by token.</summary>
    /// <param name="acceptance">How likely each drafted token is accepted when those before it were; below 1.</param>
    /// <param name="limit">Tokens that could be drafted.</param>
    public int ChooseLength(double acceptance, int limit)
    {
        if (_singleMilliseconds == 0)
        {
            return 0;
        }

        var (best, bestSpeed) = (0, Margin / _singleMilliseconds);
        for (var i = 0; i < Lengths.Length && Lengths[i] <= limit; i++)
        {
            // The token after the accepted ones comes with the same batch.
            var tokens = 1 + (acceptance * (1 - Math.Pow(acceptance, Lengths[i])) / (1 - acceptance));
            var speed = tokens / (Estimate(i) + _switchMilliseconds);
            (best, bestSpeed) = speed > bestSpeed ? (Lengths[i], speed) : (best, bestSpeed);
        }

        _refusals = best > 0 ? 0 : _refusals + 1;
        if (_refusals >= MaxRefusals)
        {
            _refusals = 0;
            Array.Clear(_milliseconds);
        }

        return best;
    }

    /// <summary>One preempted batch must not spoil what is known, nor what is not known yet.</summary>
    private static double Mix(double known, double measured, double expected) =>
        known == 0 ? Math.Min(measured, expected * 2) : known + (Blend * (Math.Min(measured, known * 2) - known));

    /// <summary>The time of a batch with the draft length at <paramref name="index"/>; of one that was never tried, in proportion to the shorter ones, or the longer.</summary>
    private double Estimate(int index)
    {
        if (_milliseconds[index] > 0)
        {
            return _milliseconds[index];
        }

        for (var distance = 1; distance < Lengths.Length; distance++)
        {
            foreach (var other in (ReadOnlySpan<int>)[index - distance, index + distance])
            {
                if (other >= 0 && other < Lengths.Length && _milliseconds[other] > 0)
                {
                    return _singleMilliseconds + ((_milliseconds[other] - _singleMilliseconds) * Lengths[index] / Lengths[other]);
                }
            }
        }

        // Nothing was tried yet: the first draft is to find out.
        return Lengths[index] == FirstLength ? _singleMilliseconds : double.MaxValue / 4;
    }
}
