namespace GptOss.CodeAssist.Inference;

/// <summary>Where an engine's model stands: a closed family.</summary>
public abstract record EngineStatus
{
    private EngineStatus()
    {
    }

    /// <summary>The model is being loaded.</summary>
    /// <param name="Fraction">Between 0 and 1.</param>
    public sealed record Loading(double Fraction) : EngineStatus;

    /// <summary>The model answers requests.</summary>
    public sealed record Ready(ModelDescription Model) : EngineStatus;

    /// <summary>The engine's process ended by itself, and another is being started; requests wait for it.</summary>
    /// <param name="Reason">One sentence for a person: what happened and when it goes on.</param>
    public sealed record Restarting(string Reason) : EngineStatus;

    /// <summary>There is no model, and there will be none until the user acts.</summary>
    /// <param name="Error">The kind of failure.</param>
    /// <param name="Reason">One sentence for a person: what is wrong and what to do next.</param>
    public sealed record Failed(InferenceError Error, string Reason) : EngineStatus;
}
