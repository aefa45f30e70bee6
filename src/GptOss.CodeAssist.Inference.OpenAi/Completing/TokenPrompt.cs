using System.Collections.Immutable;
using GptOss.CodeAssist.Inference.OpenAi.Vocabularies;

namespace GptOss.CodeAssist.Inference.OpenAi.Completing;

/// <summary>A prompt as the token numbers that are sent.</summary>
/// <param name="Ids">The tokens.</param>
/// <param name="Healed">Text that was taken off the end, with which the answer has to begin; empty where none was.</param>
internal sealed record TokenPrompt(ImmutableArray<int> Ids, string Healed)
{
    /// <param name="maxHealed">Most tokens to take off the prompt's end, where the request wants its end healed.</param>
    /// <exception cref="InferenceException">The prompt is empty, or names a special token that the model lacks.</exception>
    public static async Task<TokenPrompt> WriteAsync(GenerationRequest request, IServedVocabulary vocabulary, int maxHealed, CancellationToken cancellationToken)
    {
        var last = request.HealPromptEnd && maxHealed > 0 ? FindLastText(request.Prompt) : -1;
        var ids = ImmutableArray.CreateBuilder<int>();
        var healed = "";
        for (var i = 0; i < request.Prompt.Length; i++)
        {
            if (request.Prompt[i] is PromptPart.Special special)
            {
                ids.Add(vocabulary.FindSpecial(special.Name)
                    ?? throw new InferenceException(InferenceError.Unsupported, $"The server's model has no token {special.Name}; the prompt was written for another kind of model."));
                continue;
            }

            var tokens = await vocabulary.TokenizeAsync(((PromptPart.Text)request.Prompt[i]).Value, cancellationToken);
            var kept = tokens.Count - (i == last ? CountHealable(tokens, maxHealed) : 0);
            ids.AddRange(tokens.Take(kept).Select(token => token.Id));
            healed = string.Concat(tokens.Skip(kept).Select(token => token.Text));
        }

        return ids.Count > 0 ? new TokenPrompt(ids.ToImmutable(), healed)
            : healed.Length > 0 ? await WriteAsync(request with { HealPromptEnd = false }, vocabulary, 0, cancellationToken)
            : throw new InferenceException(InferenceError.Unsupported, "The prompt is empty.");
    }

    private static int FindLastText(ImmutableArray<PromptPart> prompt)
    {
        var last = prompt.Length - 1;
        while (last >= 0 && prompt[last] is PromptPart.Special or PromptPart.Text { Value: "" })
        {
            last--;
        }

        return last;
    }

    /// <summary>How many tokens at the end a model would likely have written differently, had it seen what comes next: those of the unfinished word, or the last one.</summary>
    private static int CountHealable(IReadOnlyList<ServedToken> tokens, int max)
    {
        var count = 0;
        while (count < Math.Min(max, tokens.Count) && tokens[^(count + 1)].Text is { Length: > 0 } text && text[^1] is not ('\n' or '\r'))
        {
            count++;
            // A token of letters alone may be the middle of its word.
            if (!text.All(IsWord))
            {
                break;
            }
        }

        return count;
    }

    private static bool IsWord(char character) => char.IsAsciiLetterOrDigit(character) || character == '_';
}
