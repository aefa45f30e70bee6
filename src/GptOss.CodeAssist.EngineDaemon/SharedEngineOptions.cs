namespace GptOss.CodeAssist.EngineDaemon;

/// <summary>Which engine a client wants, and how to start it where it does not run.</summary>
public sealed record SharedEngineOptions
{
    /// <summary>Where it is found.</summary>
    public required EngineAddress Address { get; init; }

    /// <summary>Which build of the program this is.</summary>
    public required string Build { get; init; }

    /// <summary>What the engine loads, for people.</summary>
    public required string Model { get; init; }

    /// <summary>
    /// Starts a process that hosts the engine at <see cref="Address"/> and outlives this one. The task completes when that process is gone.
    /// </summary>
    /// <remarks>May throw <see cref="IOException"/> or <see cref="System.ComponentModel.Win32Exception"/> where it cannot be started.</remarks>
    public required Func<EngineAddress, Task> StartProcess { get; init; }
}
