using System.Text;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Jobs;
using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.Inference.Constraints;
using GptOss.CodeAssist.Inference.Llama.Native;
using GptOss.CodeAssist.Inference.Llama.Sampling;
using GptOss.CodeAssist.Inference.Llama.Vocabulary;
using GptOss.CodeAssist.TestSupport.Models;

namespace GptOss.CodeAssist.Benchmarks;

/// <summary>What one token costs beside the model's own arithmetic, at gpt-oss's whole vocabulary of 201,088 tokens.</summary>
[MemoryDiagnoser]
[SimpleJob(RuntimeMoniker.Net10_0, launchCount: 1, warmupCount: 3, iterationCount: 8)]
public class TokenBenchmarks : IDisposable
{
    private readonly Random _random = new(1);
    private readonly StringBuilder _typed = new(string.Concat(Enumerable.Range(0, 200).Select(i => $"    public int Value{i} => _values[{i}] + Compute({i});\n")));
    private LlamaModelHandle _model = null!;
    private LlamaVocabulary _vocabulary = null!;
    private AllowedTokens _allowed = null!;
    private TokenSampler _sampler = null!;
    private float[] _logits = null!;
    private NameSetConstraint _names = null!;
    private BytePrefixConstraint _prefix = null!;
    private GrammarSamplerHandle _grammar = null!;
    private float[] _masked = null!;
    private TokenCandidate[] _candidates = null!;
    private int[] _cached = null!;
    private int[] _prompt = null!;
    private int[] _answer = null!;

    [GlobalSetup]
    public void SetUp()
    {
        LlamaLibrary.EnsureLoaded(folder: null, headLength: null);
        _model = LlamaModelHandle.Load(SmallModel.GetPath(new SmallModelOptions { FullVocabulary = true }), new ModelLoadOptions(0, true, false, false, 0, true, [], []), _ => true)
            ?? throw new InvalidOperationException("The model could not be loaded.");
        _vocabulary = new LlamaVocabulary(_model);
        _allowed = new AllowedTokens(_vocabulary);
        _sampler = new TokenSampler(_vocabulary);
        _logits = [.. Enumerable.Range(0, _vocabulary.Count).Select(_ => (_random.NextSingle() * 20) - 10)];
        _names = new NameSetConstraint(typeof(string).GetMethods().Concat(typeof(File).GetMethods()).Select(method => method.Name).Distinct());
        _prefix = new BytePrefixConstraint("Console.Wri"u8);
        _grammar = _model.CreateGrammar("root ::= ws \"{\" ws \"\\\"name\\\":\" [^\\\"]* \"}\"\nws ::= [ \\n]*")!;
        _masked = new float[_logits.Length];
        _candidates = new TokenCandidate[_logits.Length];
        _cached = [.. Enumerable.Range(0, 8192).Select(_ => _random.Next(200_000))];
        _prompt = [.. _cached];
        _prompt[8000]++;
        var tokens = new List<int>();
        _vocabulary.Tokenize(string.Concat(Enumerable.Repeat("    public async Task<int> GetCountAsync() => await _store.CountAsync();\n", 10)), tokens);
        _answer = [.. tokens];
        _ = _vocabulary.Trie;
    }

    [Benchmark]
    public void Mask_of_a_name_set() => _allowed.Fill(_names, _names.Start);

    [Benchmark]
    public void Mask_of_a_healed_prefix() => _allowed.Fill(_prefix, _prefix.Start);

    [Benchmark]
    public object? Greedy_token() => _sampler.Sample(_logits, SamplingOptions.Greedy, _random, allowed: null, grammar: null);

    [Benchmark]
    public object? Greedy_token_among_names()
    {
        _allowed.Fill(_names, _names.Start);
        return _sampler.Sample(_logits, SamplingOptions.Greedy, _random, _allowed, grammar: null);
    }

    /// <summary>Of the model's choices each is refused, since they are random: what is allowed has to be found.</summary>
    [Benchmark]
    public object? Greedy_token_of_a_grammar()
    {
        _logits.CopyTo(_masked, 0);
        return _sampler.Sample(_masked, SamplingOptions.Greedy, _random, allowed: null, _grammar);
    }

    /// <summary>What asking the grammar about each token would cost instead.</summary>
    [Benchmark]
    public void Grammar_over_the_whole_vocabulary()
    {
        for (var token = 0; token < _candidates.Length; token++)
        {
            _candidates[token] = new TokenCandidate { Token = token, Logit = 1 };
        }

        _grammar.Apply(_candidates);
    }

    [Benchmark]
    public object? Sampled_token_with_top_p() =>
        _sampler.Sample(_logits, new SamplingOptions { Temperature = 0.8f, TopP = 0.95f, MinP = 0.01f }, _random, allowed: null, grammar: null);

    [Benchmark]
    public int Prefix_match_of_8000_tokens() => _cached.AsSpan().CommonPrefixLength(_prompt);

    [Benchmark]
    public int Detokenise_an_answer()
    {
        var text = new AnswerText(0, ["\n\n", "```"]);
        var length = 0;
        foreach (var token in _answer)
        {
            length += text.Append(_vocabulary.GetBytes(token)).Length;
        }

        return length;
    }

    [Benchmark]
    public int Tokenise_a_cached_prompt_with_a_new_end()
    {
        var tokens = new List<int>();
        _vocabulary.Tokenize(_typed.ToString(), tokens);
        return tokens.Count;
    }

    [IterationSetup(Target = nameof(Tokenise_a_cached_prompt_with_a_new_end))]
    public void Type() => _typed.Append((char)('a' + _random.Next(26)));

    [GlobalCleanup]
    public void Dispose()
    {
        _grammar.Dispose();
        _model.Dispose();
        GC.SuppressFinalize(this);
    }
}
