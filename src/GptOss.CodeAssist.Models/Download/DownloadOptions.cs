namespace GptOss.CodeAssist.Models.Download;

/// <summary>How files are fetched.</summary>
public sealed record DownloadOptions
{
    /// <summary>Requests at the same time.</summary>
    public int Connections { get; init; } = 8;

    /// <summary>Bytes of one request.</summary>
    public long ChunkBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>After so many bytes it is written down how far a piece has come: what a killed download loses at most, once a connection.</summary>
    public long MarkBytes { get; init; } = 1024 * 1024;

    /// <summary>Tries in a row that bring not one byte, after which a file is given up.</summary>
    public int MaxAttempts { get; init; } = 8;

    /// <summary>Wait before the second try; doubled for each further one up to <see cref="MaxRetryDelay"/>, and between half and all of that is waited.</summary>
    public TimeSpan FirstRetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait between tries, also where a server asks for a longer one.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A connection that brings nothing for so long is given up and made anew.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes that a disk keeps free beside the model.</summary>
    public long ReservedBytes { get; init; } = 512L * 1024 * 1024;
}
