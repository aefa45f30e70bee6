using System.Text.Json;
using GptOss.CodeAssist.Harmony;
using GptOss.CodeAssist.Inference.OpenAi.Completing;
using GptOss.CodeAssist.Inference.OpenAi.Connecting;
using GptOss.CodeAssist.Inference.OpenAi.Vocabularies;

namespace GptOss.CodeAssist.Inference.OpenAi.Probing;

/// <summary>Finds out what a server is, and what its model can do for us: by what it says of itself, and by asking it things whose answers are known.</summary>
/// <remarks>Nothing of the user's is in these questions.</remarks>
internal sealed class ServerProbe(ServerConnection connection, ServerEngineOptions options)
{
    private const int UnknownContext = 8_192;

    /// <summary>What Ollama cuts prompts at, without a word, where nobody tells it otherwise.</summary>
    private const int OllamaContext = 4_096;

    private static readonly string[] Harmony =
    [
        HarmonyTokens.Start, HarmonyTokens.End, HarmonyTokens.Message, HarmonyTokens.Channel, HarmonyTokens.Constrain, HarmonyTokens.Return, HarmonyTokens.Call,
    ];

    /// <summary>Its number tells the vocabulary of OpenAI's own models from all others before ours is loaded.</summary>
    private static readonly int HarmonyStart = HarmonyTokenIds.O200kHarmony.Names.First(pair => pair.Value == HarmonyTokens.Start).Key;

    private static readonly string[] FillIn = ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"];

    /// <summary>Conversations in ChatML: a fill-in model that has it was taught to chat as well.</summary>
    private const string ChatMl = "<|im_start|>";

    private static readonly string[] Names = [.. Harmony, .. FillIn, HarmonyTokens.EndOfText, "<|startoftext|>", "<|fim_pad|>", ChatMl, "<|im_end|>"];

    /// <summary>Looks at the server.</summary>
    /// <exception cref="ServerException">It does not answer, wants another key, or has no such model.</exception>
    public async Task<ServedModel> RunAsync(CancellationToken cancellationToken)
    {
        var (id, owner, entry) = await FindModelAsync(cancellationToken);
        if (owner is not "vllm" && await connection.FindAsync("props", cancellationToken) is { } props && props.Find("default_generation_settings") is { } settings)
        {
            return await ProbeLlamaServerAsync(id, entry, props, settings, cancellationToken);
        }

        if (owner is not "vllm")
        {
            if (await connection.FindAsync("api/version", cancellationToken) is { } ollama && ollama.FindText("version") is { } version)
            {
                return ChatOnly($"Ollama {version}", id, await FindOllamaContextAsync(id, cancellationToken), "Ollama wraps every prompt into its own and reads answers by itself");
            }

            if (await connection.FindAsync("api/v0/models", cancellationToken) is { } studio && studio.List("data").FirstOrDefault(model => model.FindText("id") == id) is { ValueKind: JsonValueKind.Object } known)
            {
                return ChatOnly("LM Studio", id, known.FindInteger("loaded_context_length") ?? known.FindInteger("max_context_length") ?? UnknownContext, "LM Studio takes no prompts as token numbers");
            }
        }

        return await ProbeVllmAsync(id, owner, entry, cancellationToken);
    }

    private async Task<(string Id, string? Owner, JsonElement Entry)> FindModelAsync(CancellationToken cancellationToken)
    {
        JsonElement list;
        try
        {
            list = await connection.AskAsync("v1/models", null, cancellationToken);
        }
        catch (ServerException exception) when (exception.Failure is ServerFailure.NotFound or ServerFailure.Garbled)
        {
            throw new ServerException(exception.Failure, $"{connection.Address} is no OpenAI-compatible model server: it has no /v1/models. Check the address and its port.", exception);
        }

        var models = list.List("data").Where(model => model.FindText("id") is not null).ToList();
        if (models.Count == 0)
        {
            throw new ServerException(ServerFailure.NotFound, $"{connection.Address} has no model; load one there.");
        }

        var found = options.Model is not { } wanted ? models[0]
            : models.FirstOrDefault(model => model.FindText("id") == wanted) is { ValueKind: JsonValueKind.Object } exact ? exact
            : models.FirstOrDefault(model => IsCalled(model.FindText("id")!, wanted));
        return found.ValueKind == JsonValueKind.Object
            ? (found.FindText("id")!, found.FindText("owned_by"), found)
            : throw new ServerException(ServerFailure.NotFound, $"{connection.Address} has no model {options.Model}; it has {string.Join(", ", models.Take(8).Select(model => model.FindText("id")))}. Name one of them with server.model, or with --model beside --engine.");
    }

    /// <summary>Whether a name stands for a model: <c>gpt-oss-20b</c> for <c>openai/gpt-oss-20b</c>, in lower or upper case.</summary>
    private static bool IsCalled(string id, string name) => id.Equals(name, StringComparison.OrdinalIgnoreCase) || id.EndsWith("/" + name, StringComparison.OrdinalIgnoreCase);

    private async Task<ServedModel> ProbeLlamaServerAsync(string id, JsonElement entry, JsonElement props, JsonElement settings, CancellationToken cancellationToken)
    {
        var server = $"llama-server {props.FindText("build_info")}".TrimEnd();
        var context = settings.FindInteger("n_ctx") is { } said and > 0 ? said : UnknownContext;
        var size = entry.Find("meta")?.FindInteger("n_vocab") ?? 0;
        // The list of models and the properties are open to everybody; this is the first question that wants the key.
        var asked = await AskedVocabulary.FindAsync(connection, model: null, size, Names, cancellationToken);
        if (asked is null)
        {
            return ChatOnly(server, id, context, "this server does not tell how it cuts text into tokens");
        }

        IServedVocabulary vocabulary = asked;
        if (asked.FindSpecial(HarmonyTokens.Start) == HarmonyStart)
        {
            var local = new HarmonyVocabulary();
            var theirs = await asked.TokenizeAsync(ProbeText.Ordinary, cancellationToken);
            var ours = await local.TokenizeAsync(ProbeText.Ordinary, cancellationToken);
            vocabulary = theirs.Select(token => token.Id).SequenceEqual(ours.Select(token => token.Id)) && Harmony.All(name => asked.FindSpecial(name) == local.FindSpecial(name)) ? local : asked;
        }

        return Describe(server, id, context, vocabulary, new LlamaServerDialect(id), entry);
    }

    private async Task<ServedModel> ProbeVllmAsync(string id, string? owner, JsonElement entry, CancellationToken cancellationToken)
    {
        var version = owner == "vllm" ? (await connection.FindAsync("version", cancellationToken))?.FindText("version") : null;
        var server = owner == "vllm" ? $"vLLM {version}".TrimEnd() : "an OpenAI-compatible server";
        var context = entry.FindInteger("max_model_len") ?? UnknownContext;
        var dialect = new VllmDialect(id);
        JsonElement? answer;
        try
        {
            answer = await connection.AskAsync(dialect.Path, dialect.WriteProbe(ProbeText.Marked), cancellationToken);
        }
        catch (ServerException exception) when (exception.Failure is ServerFailure.NotFound or ServerFailure.BadRequest or ServerFailure.Garbled or ServerFailure.ServerError)
        {
            answer = null;
        }

        var choice = answer?.FindFirst("choices");
        var read = choice?.FindIntegers("prompt_token_ids") ?? [];
        if (read.Length == 0 || choice?.FindIntegers("token_ids") is not { Length: > 0 })
        {
            return ChatOnly(server, id, context, answer is null ? "it has no /v1/completions" : "it does not say which tokens it reads and writes (vLLM does from 0.10.2 on)");
        }

        if (read[0] == HarmonyStart)
        {
            var local = new HarmonyVocabulary();
            if ((await ProbeText.TokenizeMarkedAsync(local, cancellationToken)).SequenceEqual(read))
            {
                return Describe(server, id, context, local, dialect, entry);
            }
        }

        var asked = await AskedVocabulary.FindAsync(connection, id, 0, Names, cancellationToken);
        return asked is null ? ChatOnly(server, id, context, "it does not tell how it cuts text into tokens (/tokenize)") : Describe(server, id, context, asked, dialect, entry);
    }

    private static ServedModel Describe(string server, string id, int context, IServedVocabulary vocabulary, IRawDialect raw, JsonElement entry)
    {
        var canFillIn = FillIn.All(name => vocabulary.FindSpecial(name) is not null);
        var isHarmony = !canFillIn && Harmony.All(name => vocabulary.FindSpecial(name) is not null);
        if (!canFillIn && !isHarmony)
        {
            return ChatOnly(server, id, context, "the model is no gpt-oss and has no fill-in-the-middle tokens that we know");
        }

        var canChat = isHarmony || vocabulary.FindSpecial(ChatMl) is not null;
        var works = isHarmony ? "completes and chats; prompts are written here, as token numbers"
            : canChat ? "completes with prompts written here, as token numbers; chats through the server's own /v1/chat/completions"
            : "completes with prompts written here, as token numbers; does not chat";
        return new ServedModel(
            new ServerReport(server, id, works),
            new ModelDescription
            {
                Name = Shorten(id),
                Architecture = isHarmony ? "gpt-oss" : "fill-in-the-middle",
                PromptStyle = isHarmony ? PromptStyle.Harmony : PromptStyle.FimSuffixPrefixMiddle,
                CanChat = canChat,
                ChatRefusal = canChat ? null : $"The model {Shorten(id)} of the model server completes code but cannot chat or edit. Let the server run gpt-oss-20b, or choose another of its models with server.model.",
                ContextLength = context,
                VocabularySize = vocabulary.Size,
                ParameterCount = FindLong(entry, "n_params"),
                SizeInBytes = FindLong(entry, "size"),
                SpecialTokens = [.. vocabulary.SpecialTokens],
            },
            raw,
            vocabulary);
    }

    private static ServedModel ChatOnly(string server, string id, int context, string why) => new(
        new ServerReport(server, id, $"chats through the server's own /v1/chat/completions; does not complete, because {why}"),
        new ModelDescription
        {
            Name = Shorten(id),
            Architecture = "unknown",
            PromptStyle = PromptStyle.PrefixOnly,
            CanChat = true,
            CompletionRefusal = $"{Shorten(id)} chats but does not complete code here, because {why}. vLLM and llama-server do both.",
            ContextLength = context,
            VocabularySize = 0,
        },
        null,
        null);

    /// <summary>A server that was given no other name calls a model by the path of its file there, which is nobody's business here.</summary>
    private static string Shorten(string id) => id is ['/', ..] || id.Contains('\\', StringComparison.Ordinal) ? id[(id.LastIndexOfAny(['/', '\\']) + 1)..] : id;

    private static long FindLong(JsonElement entry, string name) =>
        entry.Find("meta")?.Find(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) ? value : 0;

    /// <summary>The context of the model as it is loaded now.</summary>
    private async Task<int> FindOllamaContextAsync(string id, CancellationToken cancellationToken)
    {
        var running = await connection.FindAsync("api/ps", cancellationToken);
        return running?.List("models").FirstOrDefault(model => model.FindText("name") == id || model.FindText("model") == id).FindInteger("context_length") ?? OllamaContext;
    }
}
