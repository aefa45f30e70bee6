namespace GptOss.CodeAssist.EngineDaemon;

/// <summary>What an engine's process hosts, and for how long.</summary>
public sealed record EngineHostOptions
{
    /// <summary>Where it is to be found.</summary>
    public required EngineAddress Address { get; init; }

    /// <summary>Which build of the program this is; clients of another are refused.</summary>
    public required string Build { get; init; }

    /// <summary>What the engine loads, for people.</summary>
    public required string Model { get; init; }

    /// <summary>How long it stays without clients.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(10);
}
