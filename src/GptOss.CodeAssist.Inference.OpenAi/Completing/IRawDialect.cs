using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GptOss.CodeAssist.Inference.OpenAi.Completing;

/// <summary>How one kind of server is asked to go on from tokens, and how it answers.</summary>
internal interface IRawDialect
{
    /// <summary>Where to ask.</summary>
    string Path { get; }

    /// <summary>Most tokens to take off a prompt's end for healing.</summary>
    int MaxHealedTokens { get; }

    /// <summary>Whether the server takes GBNF grammars, and with them sees to it by itself that an answer begins with the healed text.</summary>
    bool TakesGrammars { get; }

    /// <param name="stopIds">The request's stop tokens, as far as the model has them.</param>
    /// <param name="maxTokens">The request's limit, as far as the context has room.</param>
    JsonObject Write(GenerationRequest request, TokenPrompt prompt, ImmutableArray<int> stopIds, int maxTokens);

    /// <summary>Nothing in an event is taken for granted: what is missing is empty.</summary>
    RawChunk Read(JsonElement chunk);
}
