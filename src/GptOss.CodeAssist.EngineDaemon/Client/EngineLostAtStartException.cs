namespace GptOss.CodeAssist.EngineDaemon.Client;

/// <summary>The process that was started ended before it listened; it is in the journal.</summary>
internal sealed class EngineLostAtStartException() : Exception("The engine's process ended as soon as it was started.");
