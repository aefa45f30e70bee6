namespace GptOss.CodeAssist.EngineDaemon;

/// <summary>Why a host left.</summary>
public enum EngineHostEnd
{
    /// <summary>Nobody needed it any more.</summary>
    Idle,

    /// <summary>It was told to.</summary>
    Stopped,

    /// <summary>Another process hosts this engine already.</summary>
    AlreadyRunning,
}
