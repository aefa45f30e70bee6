namespace GptOss.CodeAssist.Inference.OpenAi.Connecting;

/// <summary>A server did not do what was asked. The message is one sentence or two for a person, without key, prompt or answer.</summary>
internal sealed class ServerException(ServerFailure failure, string message, Exception? innerException = null) : Exception(message, innerException)
{
    public ServerFailure Failure { get; } = failure;

    /// <summary>How long the server wants to be left alone; null where it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether asking once more may help, provided that nothing of the answer was used yet.</summary>
    public bool IsPassing => Failure is ServerFailure.Lost or ServerFailure.Busy or ServerFailure.NotReady;

    /// <summary>Whether the server as we know it is gone, so that it has to be looked at again.</summary>
    public bool IsServerGone => Failure is ServerFailure.Lost or ServerFailure.NotReady or ServerFailure.NotFound or ServerFailure.KeyRefused or ServerFailure.Redirected;

    public InferenceException ToInference() => new(
        Failure switch
        {
            ServerFailure.Lost or ServerFailure.NotReady => InferenceError.EngineLost,
            ServerFailure.Busy => InferenceError.QueueFull,
            ServerFailure.BadRequest => InferenceError.Unsupported,
            ServerFailure.NotFound => InferenceError.ModelNotFound,
            _ => InferenceError.Unavailable,
        },
        Message,
        this);
}
