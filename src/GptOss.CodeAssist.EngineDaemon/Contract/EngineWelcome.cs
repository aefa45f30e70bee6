namespace GptOss.CodeAssist.EngineDaemon.Contract;

/// <summary>The engine's answer to <see cref="EngineHello"/>; its shape never changes either.</summary>
/// <param name="Protocol">The host's version of everything after the handshake.</param>
/// <param name="Build">Which build of the program the host is.</param>
/// <param name="Refusal">Why the client is not served, one sentence for a person; null where it is.</param>
/// <param name="Report">How the engine is.</param>
internal sealed record EngineWelcome(int Protocol, string Build, string? Refusal, EngineReport Report);
