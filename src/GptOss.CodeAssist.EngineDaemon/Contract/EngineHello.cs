namespace GptOss.CodeAssist.EngineDaemon.Contract;

/// <summary>The first thing a client says. Its shape never changes, so that every build can ask every other how it is and tell it to stop.</summary>
/// <param name="Protocol">The version of everything after the handshake; see <see cref="Handshake.Protocol"/>.</param>
/// <param name="Build">Which build of the program the client is.</param>
/// <param name="Intent">What it wants.</param>
/// <param name="ProcessId">For people.</param>
internal sealed record EngineHello(int Protocol, string Build, EngineIntent Intent, int ProcessId);
