namespace GptOss.CodeAssist.EngineDaemon.Client;

/// <summary>There is no engine to be had now; the message says why and what to do.</summary>
internal sealed class EngineRefusedException(string message) : Exception(message);
