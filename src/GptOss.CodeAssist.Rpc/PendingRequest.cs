namespace GptOss.CodeAssist.Rpc;

/// <summary>A message on its way through the queue, without its result's type.</summary>
internal abstract class PendingRequest(RequestInfo info) : IDisposable
{
    public RequestInfo Info { get; } = info;

    /// <summary>Set when a newer request may take this one's place.</summary>
    public (string Method, string Key)? SupersedeKey { get; set; }

    /// <summary>Between receipt and the start of the work.</summary>
    public TimeSpan Queued { get; protected set; }

    /// <summary>Between the start and the end of the work, which may be later than the answer.</summary>
    public TimeSpan Ran { get; protected set; }

    /// <summary>For the log: <c>ok</c>, <c>cancelled</c>, <c>superseded</c>, or why it was refused or failed.</summary>
    public string Outcome { get; protected set; } = "ok";

    /// <summary>What the work threw and should not have.</summary>
    public Exception? UnexpectedFailure { get; protected set; }

    public abstract bool IsAnswered { get; }

    /// <summary>Takes the message's view of the state. False when that failed; the answer is then given.</summary>
    public abstract bool Admit();

    /// <summary>Does the work and answers. Never throws.</summary>
    public abstract Task RunAsync();

    /// <summary>Answers because a newer request took the place, and cancels the work.</summary>
    public abstract void Supersede();

    /// <summary>Answers with an error without doing the work.</summary>
    public abstract void Refuse(RequestFailedException why);

    public abstract void Dispose();
}
