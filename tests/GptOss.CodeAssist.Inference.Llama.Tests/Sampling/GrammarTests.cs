using GptOss.CodeAssist.Inference.Llama.Native;
using GptOss.CodeAssist.Inference.Llama.Sampling;
using GptOss.CodeAssist.Inference.Llama.Vocabulary;
using GptOss.CodeAssist.TestSupport.Models;

namespace GptOss.CodeAssist.Inference.Llama.Tests.Sampling;

/// <summary>What a grammar allows, found by asking about few tokens, against the answer to asking about each.</summary>
public sealed class GrammarTests
{
    [Theory]
    [InlineData("""root ::= "[" [0-9]{1,3} (", " [0-9]{1,3}){2} "]" """)]
    [InlineData("root ::= \"{\" ws \"\\\"name\\\":\" ws string \"}\"\nstring ::= \"\\\"\" [^\"\\\\\\x00-\\x1f]* \"\\\"\"\nws ::= [ \\n]*")]
    [InlineData("""root ::= ("public" | "private" | "internal") " " [a-z]+ " " [A-Z] [a-zA-Z]* ";" """)]
    [InlineData("""root ::= [äöüß€😀]+ "." """)]
    [InlineData("""root ::= [^x]* """)]
    public void The_tokens_that_a_grammar_allows_are_those_that_it_does_not_refuse_one_by_one(string grammar)
    {
        LlamaLibrary.EnsureLoaded(folder: null, headLength: null);
        using var model = LlamaModelHandle.Load(SmallModel.GetPath(), new ModelLoadOptions(0, true, false, false, 0, true, [], []), _ => true)!;
        var vocabulary = new LlamaVocabulary(model);
        var sampler = new TokenSampler(vocabulary);
        var random = new Random(1);
        for (var answer = 0; answer < 3; answer++)
        {
            using var state = model.CreateGrammar(grammar)!;
            for (var length = 0; length < 25; length++)
            {
                var allowed = new List<int>();
                sampler.FindAllowed(state, allowed);
                Assert.Equal(AskAboutEach(state, vocabulary), allowed.Order());
                if (vocabulary.IsEndOfGeneration(allowed[random.Next(allowed.Count)]))
                {
                    break;
                }

                state.Accept(allowed.Where(token => !vocabulary.IsEndOfGeneration(token)).ElementAt(random.Next(allowed.Count(token => !vocabulary.IsEndOfGeneration(token)))));
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.7f)]
    public void The_most_likely_token_that_the_grammar_allows_is_chosen_however_many_are_likelier(float temperature)
    {
        LlamaLibrary.EnsureLoaded(folder: null, headLength: null);
        using var model = LlamaModelHandle.Load(SmallModel.GetPath(), new ModelLoadOptions(0, true, false, false, 0, true, [], []), _ => true)!;
        var vocabulary = new LlamaVocabulary(model);
        var sampler = new TokenSampler(vocabulary);
        using var grammar = model.CreateGrammar("""root ::= "7" | "3" """)!;
        var tokens = new List<int>();
        vocabulary.Tokenize("7", tokens);
        vocabulary.Tokenize("3", tokens);
        Assert.Equal(2, tokens.Count);
        foreach (var refused in (int[])[0, 3, 400])
        {
            var logits = new float[vocabulary.Count];
            for (var token = 0; token < refused; token++)
            {
                logits[(token + 500) % logits.Length] = 100;
            }

            logits[tokens[0]] = 60;
            Assert.Equal(tokens[0], sampler.Sample(logits, new SamplingOptions { Temperature = temperature }, new Random(2), allowed: null, grammar)?.Token);
        }
    }

    private static List<int> AskAboutEach(GrammarSamplerHandle grammar, LlamaVocabulary vocabulary)
    {
        var allowed = new List<int>();
        for (var token = 0; token < vocabulary.Count; token++)
        {
            Span<TokenCandidate> single = [new TokenCandidate { Token = token, Logit = 1 }];
            grammar.Apply(single);
            if (!float.IsNegativeInfinity(single[0].Logit) && (vocabulary.FindSpecialText(token) is null || vocabulary.IsEndOfGeneration(token)))
            {
                allowed.Add(token);
            }
        }

        return allowed;
    }
}
