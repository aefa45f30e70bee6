using GptOss.CodeAssist.Inference;

namespace GptOss.CodeAssist.Assistant;

/// <summary>The engine's status in the assistant's words, so that whoever shows it need not know engines.</summary>
/// <remarks>Every member may be called from any thread. It lives as long as its engine.</remarks>
public sealed class AssistantStatusSource
{
    private readonly IInferenceEngine _engine;

    public AssistantStatusSource(IInferenceEngine engine)
    {
        _engine = engine;
        engine.StatusChanged += status => Changed?.Invoke(Translate(status));
    }

    /// <summary>Raised on a thread of the engine's; handlers must return at once.</summary>
    public event Action<AssistantStatus>? Changed;

    public AssistantStatus Current => Translate(_engine.Status);

    private static AssistantStatus Translate(EngineStatus status) => status switch
    {
        EngineStatus.Loading loading => new(AssistantState.Loading, null, loading.Fraction, null),
        EngineStatus.Restarting restarting => new(AssistantState.Loading, null, 0, restarting.Reason),
        EngineStatus.Ready ready => new(AssistantState.Ready, ready.Model.Name, null, ready.Model.CompletionRefusal),
        EngineStatus.Failed failed => new(AssistantState.Failed, null, null, failed.Reason),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "An engine status that nobody told this class about."),
    };
}
