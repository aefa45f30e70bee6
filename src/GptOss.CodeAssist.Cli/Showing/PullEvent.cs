namespace GptOss.CodeAssist.Cli.Showing;

/// <summary>One line of <c>model pull --json</c>.</summary>
/// <param name="Event"><c>fetching</c>, <c>verifying</c> or <c>done</c>.</param>
internal sealed record PullEvent(string Event)
{
    public string? File { get; init; }

    /// <summary>Bytes of the whole model.</summary>
    public long? Done { get; init; }

    public long? Total { get; init; }

    public double? BytesPerSecond { get; init; }

    public double? SecondsLeft { get; init; }

    public string? Model { get; init; }

    public string? Path { get; init; }

    /// <summary>Whether the publisher named the hash that the bytes have.</summary>
    public bool? Verified { get; init; }
}
