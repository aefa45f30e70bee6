namespace GptOss.CodeAssist.EngineDaemon;

/// <summary>One engine process that ended without being asked.</summary>
/// <param name="At">When that was noticed.</param>
/// <param name="WasReady">Whether its model was loaded by then.</param>
public sealed record EngineCrash(DateTimeOffset At, bool WasReady);
