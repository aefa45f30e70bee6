using System.Collections.Immutable;

namespace GptOss.CodeAssist.Harmony;

/// <summary>What a message says: a closed family.</summary>
public abstract record HarmonyContent
{
    private HarmonyContent()
    {
    }

    /// <summary>Ordinary text, whatever it spells: it can never become a special token.</summary>
    public sealed record Text(string Value) : HarmonyContent;

    /// <summary>The content of the system message. Stay close to the defaults: the model was trained on them.</summary>
    public sealed record System : HarmonyContent
    {
        /// <summary>The identity the model was trained with; another identity belongs into the developer's instructions.</summary>
        public string? ModelIdentity { get; init; } = "You are ChatGPT, a large language model trained by OpenAI.";

        public string? KnowledgeCutoff { get; init; } = "2024-06";

        /// <summary>Today's date as <c>yyyy-MM-dd</c>. Null by default: a date would empty every prompt cache at midnight.</summary>
        public string? CurrentDate { get; init; }

        /// <summary>Null writes no line; the model then thinks with medium effort.</summary>
        public ReasoningEffort? Effort { get; init; } = ReasoningEffort.Medium;

        /// <summary>Built-in tools (browser, python) of which the model knows without the developer.</summary>
        public ImmutableArray<ToolNamespace> Tools { get; init; } = [];

        public ImmutableArray<string> ValidChannels { get; init; } =
            [HarmonyChannels.Analysis, HarmonyChannels.Commentary, HarmonyChannels.Final];

        /// <summary>Whether the model is told that every message must name its channel.</summary>
        public bool ChannelRequired { get; init; } = true;
    }

    /// <summary>The content of the developer message.</summary>
    public sealed record Developer : HarmonyContent
    {
        public string? Instructions { get; init; }

        /// <summary>What the model may call; functions of one's own go into a namespace called <see cref="ToolNamespace.Functions"/>.</summary>
        public ImmutableArray<ToolNamespace> Tools { get; init; } = [];

        /// <summary>The shapes that the answer should have. This only asks the model: a grammar is needed to be sure.</summary>
        public ImmutableArray<ResponseFormat> ResponseFormats { get; init; } = [];
    }
}
