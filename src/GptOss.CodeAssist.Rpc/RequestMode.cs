namespace GptOss.CodeAssist.Rpc;

/// <summary>How a message may run beside others.</summary>
public enum RequestMode
{
    /// <summary>Changes state: runs alone among its kind, in the order received, and everything received later waits for it. Not cancellable once received.</summary>
    Mutating,

    /// <summary>Sees the state as every earlier message left it, and runs beside anything.</summary>
    ReadOnly,

    /// <summary>As <see cref="ReadOnly"/>, but only a few at a time, so that a burst never starves what a person waits for.</summary>
    Background,

    /// <summary>Waits for nothing and sees whatever state there is: answers even when the queue is stuck.</summary>
    OutOfBand,
}
