namespace GptOss.CodeAssist.EngineDaemon.Contract;

/// <summary>What a client wants of an engine.</summary>
internal enum EngineIntent
{
    /// <summary>To have prompts continued.</summary>
    Use,

    /// <summary>To know how it is.</summary>
    Look,

    /// <summary>It is to leave.</summary>
    Stop,
}
