namespace GptOss.CodeAssist.EngineDaemon.Contract;

/// <summary>What is said over the two channels of a connection after the handshake.</summary>
internal static class EngineMethods
{
    /// <summary>The seeded channel on which the host tells how it is: never stuck behind a prompt.</summary>
    public const ulong StatusChannel = 0;

    /// <summary>The seeded channel of requests, their events, and the questions of their guides.</summary>
    public const ulong WorkChannel = 1;

    /// <summary>Host to client, notification: the engine's status.</summary>
    public const string Status = "status";

    /// <summary>Host to client: the host leaves on purpose, with the reason for people.</summary>
    public const string Farewell = "farewell";

    /// <summary>Client to host: number, whether the request has a guide, the request; answers with the stream of events.</summary>
    public const string Generate = "generate";

    /// <summary>Client to host, notification: number of a request of which nothing more is wanted.</summary>
    public const string Abandon = "abandon";

    /// <summary>Client to host: a text; answers with its length in tokens.</summary>
    public const string CountTokens = "countTokens";

    /// <summary>Host to client: number of a request and its answer so far; answers with the constraint of the request's guide.</summary>
    public const string FindConstraint = "findConstraint";
}
