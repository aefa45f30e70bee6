namespace GptOss.CodeAssist.Rpc;

/// <summary>The kinds of end that a connection can come to.</summary>
public enum ConnectionEndKind
{
    /// <summary>This side ended it as the protocol provides.</summary>
    Requested,

    /// <summary>This side was told to stop.</summary>
    Cancelled,

    /// <summary>The peer closed its end, between two messages.</summary>
    PeerClosed,

    /// <summary>The stream broke, or what came on it cannot be cut into messages.</summary>
    Broken,

    /// <summary>A mutating message failed, so the state can no longer be trusted.</summary>
    StateLost,
}
