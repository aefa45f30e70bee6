namespace GptOss.CodeAssist.EngineDaemon;

/// <summary>How a running engine is, for people.</summary>
/// <param name="ProcessId">The engine's process.</param>
/// <param name="Model">What it was told to load.</param>
/// <param name="State"><c>loading</c>, <c>ready</c> or <c>failed</c>.</param>
/// <param name="Problem">Why it failed; null unless it did.</param>
/// <param name="Clients">Editors and commands that are connected.</param>
/// <param name="Generations">Answers that are being written.</param>
/// <param name="StartedAt">When it was started.</param>
/// <param name="MemoryBytes">What the process holds in memory, mapped weights included.</param>
public sealed record EngineReport(int ProcessId, string Model, string State, string? Problem, int Clients, int Generations, DateTimeOffset StartedAt, long MemoryBytes);
