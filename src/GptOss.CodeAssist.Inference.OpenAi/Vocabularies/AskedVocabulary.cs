using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GptOss.CodeAssist.Inference.OpenAi.Connecting;

namespace GptOss.CodeAssist.Inference.OpenAi.Vocabularies;

/// <summary>The vocabulary of any model, asked of its server with <c>/tokenize</c>.</summary>
internal sealed class AskedVocabulary : IServedVocabulary
{
    private const string Path = "tokenize";
    private const int MaxKept = 256;

    /// <summary>Code has more than three characters a token in every vocabulary that we know.</summary>
    private const double UsualCharactersPerToken = 3.0;

    private readonly ServerConnection _connection;
    private readonly string? _model;
    private readonly FrozenDictionary<string, int> _specials;
    private readonly FrozenDictionary<int, string> _names;
    private readonly Dictionary<string, IReadOnlyList<ServedToken>> _kept = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    private AskedVocabulary(ServerConnection connection, string? model, int size, Dictionary<string, int> specials)
    {
        (_connection, _model, Size) = (connection, model, size);
        _specials = specials.ToFrozenDictionary(StringComparer.Ordinal);
        _names = specials.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);
    }

    public int Size { get; }

    public IReadOnlyCollection<string> SpecialTokens => _specials.Keys;

    /// <summary>Looks special tokens up.</summary>
    /// <param name="model">The model's name where the server is vLLM; null for llama-server.</param>
    /// <param name="names">The names of special tokens to look for.</param>
    /// <returns>Null where the server has no <c>/tokenize</c>.</returns>
    /// <exception cref="ServerException">The server did not answer.</exception>
    public static async Task<AskedVocabulary?> FindAsync(ServerConnection connection, string? model, int size, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        try
        {
            return new AskedVocabulary(connection, model, size, await FindSpecialsAsync(connection, model, names, cancellationToken));
        }
        catch (ServerException exception) when (exception.Failure is ServerFailure.NotFound or ServerFailure.BadRequest or ServerFailure.Garbled)
        {
            return null;
        }
    }

    public int? FindSpecial(string name) => _specials.TryGetValue(name, out var token) ? token : null;

    public string? FindSpecialName(int token) => _names.GetValueOrDefault(token);

    public int Count(string text) => (int)Math.Ceiling(text.Length / UsualCharactersPerToken);

    public async ValueTask<IReadOnlyList<ServedToken>> TokenizeAsync(string text, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_kept.TryGetValue(text, out var kept))
            {
                return kept;
            }
        }

        var tokens = new List<ServedToken>();
        foreach (var piece in OrdinaryText.Cut(text))
        {
            tokens.AddRange(await AskAsync(_connection, _model, piece, readsSpecials: false, cancellationToken));
        }

        if (tokens.Exists(token => _names.ContainsKey(token.Id)))
        {
            throw new InferenceException(InferenceError.Unsupported, "The text holds a marker that the server does not keep ordinary; the prompt was not sent.");
        }

        lock (_lock)
        {
            if (_kept.Count >= MaxKept)
            {
                _kept.Clear();
            }

            return _kept[text] = tokens;
        }
    }

    private static async Task<Dictionary<string, int>> FindSpecialsAsync(ServerConnection connection, string? model, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        if (model is null)
        {
            // llama-server says what each token stands for, so that one question is enough.
            var all = await AskAsync(connection, model, string.Concat(names), readsSpecials: true, cancellationToken);
            return all.Where(token => token.Text is not null && names.Contains(token.Text)).ToDictionary(token => token.Text!, token => token.Id, StringComparer.Ordinal);
        }

        var found = await Task.WhenAll(names.Select(name => AskAsync(connection, model, name, readsSpecials: true, cancellationToken)));
        return names.Zip(found).Where(pair => pair.Second.Count == 1).ToDictionary(pair => pair.First, pair => pair.Second[0].Id, StringComparer.Ordinal);
    }

    private static async Task<IReadOnlyList<ServedToken>> AskAsync(ServerConnection connection, string? model, string text, bool readsSpecials, CancellationToken cancellationToken)
    {
        var question = model is null
            ? new JsonObject { ["content"] = text, ["add_special"] = false, ["parse_special"] = readsSpecials, ["with_pieces"] = true }
            : new JsonObject { ["model"] = model, ["prompt"] = text, ["add_special_tokens"] = false };
        var answer = await connection.AskAsync(Path, question, cancellationToken);
        return answer.TryGetProperty("tokens", out var tokens) && tokens.ValueKind == JsonValueKind.Array
            ? [.. tokens.EnumerateArray().Select(Read)]
            : throw new ServerException(ServerFailure.Garbled, $"{connection.Address} answered /{Path} without tokens.");

        ServedToken Read(JsonElement token) => token.ValueKind == JsonValueKind.Number ? new ServedToken(token.GetInt32(), null)
            : token.ValueKind == JsonValueKind.Object && token.TryGetProperty("id", out var id) && id.TryGetInt32(out var number)
            ? new ServedToken(number, token.TryGetProperty("piece", out var piece) && piece.ValueKind == JsonValueKind.String && Ascii.IsValid(piece.GetString()) ? piece.GetString() : null)
            : throw new ServerException(ServerFailure.Garbled, $"{connection.Address} answered /{Path} with something that is no token.");
    }
}
