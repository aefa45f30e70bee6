namespace GptOss.CodeAssist.Harmony;

/// <summary>How far a prompt goes into the assistant's turn before the model takes over: a closed family.</summary>
public abstract record AssistantOpening
{
    private AssistantOpening()
    {
    }

    /// <summary><c>&lt;|start|&gt;assistant</c>: the model chooses the channel, thinks, and answers.</summary>
    public sealed record Header : AssistantOpening;

    /// <summary>The final channel is opened and begun with <paramref name="Prefill"/>: the model goes on without thinking.</summary>
    /// <param name="Prefill">The beginning of the answer; may be empty.</param>
    /// <param name="AfterEmptyAnalysis">
    /// Whether an empty analysis message stands before it, which keeps the order that the model was trained on at the price of six tokens.
    /// </param>
    public sealed record Final(string Prefill, bool AfterEmptyAnalysis = false) : AssistantOpening;

    /// <summary>The model's own reasoning is given back, closed, and the final channel opened: to ask for an answer after an analysis that ended without one.</summary>
    public sealed record FinalAfterAnalysis(string Analysis, string Prefill) : AssistantOpening;
}
