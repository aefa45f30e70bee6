using System.Numerics.Tensors;
using GptOss.CodeAssist.Inference.Llama.Native;
using GptOss.CodeAssist.Inference.Llama.Vocabulary;

namespace GptOss.CodeAssist.Inference.Llama.Sampling;

/// <summary>Chooses the next token from a row of logits.</summary>
/// <remarks>
/// Used by the decode thread only; its buffers are allocated once.
/// Min-p and top-p look at the untempered distribution and the temperature comes last, which is llama.cpp's own order.
/// </remarks>
internal sealed class TokenSampler(LlamaVocabulary vocabulary)
{
    private const int PieceLength = 2048;

    /// <summary>How many of the model's choices a grammar is asked about one by one: most often it refuses the first and allows the second.</summary>
    private const int SingleQuestions = 8;

    private readonly float[] _scratch = new float[vocabulary.Count];
    private readonly int[] _candidates = new int[vocabulary.Count];
    private readonly List<int> _grammarTokens = [];
    private TokenCandidate[] _grammarCandidates = [];

    /// <summary>The chosen token, or null when the constraint allows none.</summary>
    /// <param name="logits">One value a token; overwritten where a grammar forbids.</param>
    /// <param name="options">How to choose.</param>
    /// <param name="random">The request's own generator; unused when greedy.</param>
    /// <param name="allowed">The allowed tokens; null allows all.</param>
    /// <param name="grammar">The request's grammar, or null.</param>
    public SampledToken? Sample(Span<float> logits, SamplingOptions options, Random random, AllowedTokens? allowed, GrammarSamplerHandle? grammar)
    {
        var normalizer = LogSumExp(logits);
        var token = Choose(logits, options, random, allowed);
        for (var question = 1; grammar is not null && token is { } proposed && !float.IsNegativeInfinity(logits[proposed]) && !GrammarAllows(grammar, proposed); question++)
        {
            if (question < SingleQuestions)
            {
                logits[proposed] = float.NegativeInfinity;
            }
            else
            {
                ApplyGrammar(grammar, logits);
            }

            token = Choose(logits, options, random, allowed);
        }

        return token is { } chosen && !float.IsNegativeInfinity(logits[chosen])
            ? new SampledToken(chosen, logits[chosen] - normalizer)
            : null;
    }

    /// <summary>A given token with the probability that the model gives it.</summary>
    public SampledToken Score(ReadOnlySpan<float> logits, int token) => new(token, logits[token] - LogSumExp(logits));

    private float LogSumExp(ReadOnlySpan<float> logits)
    {
        var max = TensorPrimitives.Max(logits);
        var sum = 0f;

        // In pieces that stay in the processor's first cache: a row of gpt-oss's vocabulary does not, and the passes over it would wait for memory.
        for (var rest = logits; !rest.IsEmpty; rest = rest[Math.Min(PieceLength, rest.Length)..])
        {
            var piece = rest[..Math.Min(PieceLength, rest.Length)];
            var exponentials = _scratch.AsSpan(0, piece.Length);
            TensorPrimitives.Subtract(piece, max, exponentials);
            TensorPrimitives.Exp<float>(exponentials, exponentials);
            sum += TensorPrimitives.Sum<float>(exponentials);
        }

        return max + MathF.Log(sum);
    }

    private int? Choose(ReadOnlySpan<float> logits, SamplingOptions options, Random random, AllowedTokens? allowed)
    {
        if (allowed is null)
        {
            return options.Temperature <= 0
                ? TensorPrimitives.IndexOfMax(logits)
                : Draw(logits, options, random, FillAll(logits));
        }

        var count = allowed.CopyTo(_candidates);
        if (count == 0)
        {
            return null;
        }

        return options.Temperature <= 0 ? FindBest(logits, _candidates.AsSpan(0, count)) : Draw(logits, options, random, count);
    }

    private static int FindBest(ReadOnlySpan<float> logits, ReadOnlySpan<int> candidates)
    {
        var best = candidates[0];
        foreach (var token in candidates)
        {
            best = logits[token] > logits[best] ? token : best;
        }

        return best;
    }

    private int FillAll(ReadOnlySpan<float> logits)
    {
        for (var i = 0; i < logits.Length; i++)
        {
            _candidates[i] = i;
        }

        return logits.Length;
    }

    /// <summary>Draws one of the first <paramref name="count"/> candidates.</summary>
    private int Draw(ReadOnlySpan<float> logits, SamplingOptions options, Random random, int count)
    {
        var max = float.NegativeInfinity;
        foreach (var token in _candidates.AsSpan(0, count))
        {
            max = MathF.Max(max, logits[token]);
        }

        // What is a millionth as likely as the likeliest is never drawn in practice and would only be sorted.
        var threshold = max + MathF.Log(MathF.Max(options.MinP, 1e-6f));
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            if (logits[_candidates[i]] >= threshold)
            {
                _candidates[kept++] = _candidates[i];
            }
        }

        var candidates = _candidates.AsSpan(0, kept);
        if (options.TopP < 1)
        {
            candidates = candidates[..KeepTopP(logits, options.TopP, max, kept)];
        }

        var total = 0f;
        for (var i = 0; i < candidates.Length; i++)
        {
            _scratch[i] = MathF.Exp((logits[candidates[i]] - max) / options.Temperature);
            total += _scratch[i];
        }

        var point = random.NextSingle() * total;
        for (var i = 0; i < candidates.Length; i++)
        {
            point -= _scratch[i];
            if (point <= 0)
            {
                return candidates[i];
            }
        }

        return candidates[^1];
    }

    /// <summary>Sorts the first candidates by falling logit and returns how many make up <paramref name="topP"/> of their probability.</summary>
    private int KeepTopP(ReadOnlySpan<float> logits, float topP, float max, int count)
    {
        for (var i = 0; i < count; i++)
        {
            _scratch[i] = -logits[_candidates[i]];
        }

        Array.Sort(_scratch, _candidates, 0, count);
        var total = 0f;
        for (var i = 0; i < count; i++)
        {
            total += MathF.Exp(-_scratch[i] - max);
        }

        var sum = 0f;
        for (var i = 0; i < count; i++)
        {
            sum += MathF.Exp(-_scratch[i] - max);
            if (sum >= topP * total)
            {
                return i + 1;
            }
        }

        return count;
    }

    private static bool GrammarAllows(GrammarSamplerHandle grammar, int token)
    {
        Span<TokenCandidate> single = [new TokenCandidate { Token = token, Logit = 1 }];
        grammar.Apply(single);
        return !float.IsNegativeInfinity(single[0].Logit);
    }

    private void ApplyGrammar(GrammarSamplerHandle grammar, Span<float> logits)
    {
        _grammarTokens.Clear();
        FindAllowed(grammar, _grammarTokens);
        var kept = _scratch.AsSpan(0, _grammarTokens.Count);
        for (var i = 0; i < kept.Length; i++)
        {
            kept[i] = logits[_grammarTokens[i]];
        }

        logits.Fill(float.NegativeInfinity);
        for (var i = 0; i < kept.Length; i++)
        {
            logits[_grammarTokens[i]] = kept[i];
        }
    }

    /// <summary>Collects the tokens that a grammar allows: ordinary ones, and those that end an answer.</summary>
    internal void FindAllowed(GrammarSamplerHandle grammar, List<int> allowed)
    {
        vocabulary.Trie.FindAllowed(RemoveRefused, allowed);
        List<int> ends = [.. vocabulary.EndOfGenerationTokens];
        RemoveRefused(ends);
        allowed.AddRange(ends);

        void RemoveRefused(List<int> tokens)
        {
            if (_grammarCandidates.Length < tokens.Count)
            {
                _grammarCandidates = new TokenCandidate[tokens.Count];
            }

            var candidates = _grammarCandidates.AsSpan(0, tokens.Count);
            for (var i = 0; i < candidates.Length; i++)
            {
                candidates[i] = new TokenCandidate { Token = tokens[i], Logit = 1 };
            }

            grammar.Apply(candidates);
            tokens.Clear();
            foreach (var candidate in candidates)
            {
                if (!float.IsNegativeInfinity(candidate.Logit))
                {
                    tokens.Add(candidate.Token);
                }
            }
        }
    }
}
