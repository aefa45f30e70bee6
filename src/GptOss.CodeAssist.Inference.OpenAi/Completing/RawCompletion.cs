using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using GptOss.CodeAssist.Inference.OpenAi.Connecting;

namespace GptOss.CodeAssist.Inference.OpenAi.Completing;

/// <summary>Has a server's model go on from a prompt that was written here.</summary>
internal sealed class RawCompletion(AnswerStream answers, ServedModel served, TimeProvider time)
{
    /// <exception cref="ServerException">The server did not answer.</exception>
    /// <exception cref="InferenceException">The request asks for what this server cannot do.</exception>
    public async IAsyncEnumerable<GenerationEvent> GenerateAsync(GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (raw, vocabulary) = (served.Raw!, served.Vocabulary!);
        Check(request, raw);
        var clock = new UsageClock(time);
        // A grammar of the request's own says how the answer begins.
        var prompt = await TokenPrompt.WriteAsync(request, vocabulary, request.Grammar is null ? raw.MaxHealedTokens : 0, cancellationToken);
        var context = served.Description.ContextLength;
        if (prompt.Ids.Length >= context)
        {
            throw new InferenceException(InferenceError.PromptTooLong, $"The prompt has {prompt.Ids.Length:N0} tokens and the server's model takes {context:N0}; shorten the prompt, or start the server with a larger context.");
        }

        clock.PromptTokens = prompt.Ids.Length;
        yield return new GenerationEvent.PrefillProgress(0, prompt.Ids.Length);
        var answer = new RawAnswer(request, prompt.Healed, vocabulary, clock);
        await foreach (var happened in StreamAsync(request, prompt, answer, cancellationToken))
        {
            yield return happened;
        }

        if (answer.Disagrees)
        {
            // The model would have written something else than what was typed: it goes on from there as it stands.
            prompt = await TokenPrompt.WriteAsync(request, vocabulary, maxHealed: 0, cancellationToken);
            clock.PromptTokens = prompt.Ids.Length;
            answer = new RawAnswer(request, "", vocabulary, clock);
            await foreach (var happened in StreamAsync(request, prompt, answer, cancellationToken))
            {
                yield return happened;
            }
        }

        yield return answer.Finish();
    }

    private async IAsyncEnumerable<GenerationEvent> StreamAsync(GenerationRequest request, TokenPrompt prompt, RawAnswer answer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var raw = served.Raw!;
        ImmutableArray<int> stops = [.. request.StopTokens.Select(served.Vocabulary!.FindSpecial).OfType<int>()];
        // The healed text is written again, which is not what the limit is about.
        var limit = request.MaxTokens == 0 ? 0 : Math.Min(request.MaxTokens + (prompt.Healed.Length > 0 ? raw.MaxHealedTokens : 0), served.Description.ContextLength - prompt.Ids.Length);
        var body = raw.Write(request, prompt, stops, limit);
        var isWhole = false;
        await foreach (var happened in answers.ReadAsync(raw.Path, body, request.Priority, chunk => raw.Read(chunk) is { Ids.Length: > 0 } or { Text.Length: > 0 }, chunk => raw.Read(chunk).IsEnd, cancellationToken))
        {
            var chunk = raw.Read(happened);
            if (chunk.EvaluatedTokens is { } evaluated)
            {
                yield return new GenerationEvent.PrefillProgress(Math.Min(evaluated, prompt.Ids.Length), prompt.Ids.Length);
            }

            foreach (var token in answer.Take(chunk))
            {
                yield return token;
            }

            isWhole |= chunk.IsEnd;
            if (answer.IsOver && !isWhole)
            {
                // Leaving closes the connection, which ends the server's work. What it cost comes behind the end, if it gets there.
                yield break;
            }
        }
    }

    private static void Check(GenerationRequest request, IRawDialect raw)
    {
        if (request.GivenAnswer is not null)
        {
            throw new InferenceException(InferenceError.Unsupported, "A model server does not say how likely a given text is; use --engine embedded for that.");
        }

        if (request.Grammar is not null && !raw.TakesGrammars)
        {
            throw new InferenceException(InferenceError.Unsupported, "This model server takes no grammars; llama-server does, and so does --engine embedded.");
        }
    }
}
