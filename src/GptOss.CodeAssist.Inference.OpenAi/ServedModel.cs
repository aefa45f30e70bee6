using GptOss.CodeAssist.Inference.OpenAi.Completing;
using GptOss.CodeAssist.Inference.OpenAi.Vocabularies;

namespace GptOss.CodeAssist.Inference.OpenAi;

/// <summary>A server's model as probing found it.</summary>
/// <param name="Report">What the server is, for people.</param>
/// <param name="Description">What the model can do for us there.</param>
/// <param name="Raw">How to ask it to go on from a prompt of ours; null where the server takes none, so that only its own chat is left.</param>
/// <param name="Vocabulary">Its tokens; null exactly where <paramref name="Raw"/> is.</param>
internal sealed record ServedModel(ServerReport Report, ModelDescription Description, IRawDialect? Raw, IServedVocabulary? Vocabulary)
{
    /// <summary>Whether chat goes through the server's own chat, and not through a prompt in Harmony.</summary>
    public bool ChatsByServer => Raw is null || Description.PromptStyle != PromptStyle.Harmony;
}
