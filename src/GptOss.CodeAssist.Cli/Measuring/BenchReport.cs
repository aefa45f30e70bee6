namespace GptOss.CodeAssist.Cli.Measuring;

/// <summary>What <c>bench</c> measured. Speeds in tokens a second, times in milliseconds; of repeated measurements the median.</summary>
internal sealed record BenchReport
{
    public required string Version { get; init; }

    public required string Model { get; init; }

    public required SpeedFigure Prefill { get; init; }

    public required SpeedFigure Decode { get; init; }

    public required TypingFigures Typing { get; init; }

    public required DraftedEditFigures DraftedEdit { get; init; }

    public required CancelFigures Cancel { get; init; }

    public required MemoryFigures Memory { get; init; }

    /// <summary>The same work on a llama-server in the same run; null when none was named.</summary>
    public PeerFigures? Peer { get; init; }
}

/// <param name="Tokens">Tokens of one measurement.</param>
internal sealed record SpeedFigure(double TokensPerSecond, int Tokens);

/// <param name="Keystrokes">Requests made, one for each keystroke.</param>
/// <param name="Asked">Those that reached the model.</param>
/// <param name="EvaluatedPerKeystroke">Prompt tokens evaluated; 0 where the model was not asked.</param>
/// <param name="OwnMs">Time beside the model's own.</param>
internal sealed record TypingFigures(int Keystrokes, int Asked, double PromptTokens, Distribution EvaluatedPerKeystroke, Distribution OwnMs, Distribution TotalMs);

/// <param name="Speedup">Time without drafting divided by time with it.</param>
/// <param name="Identical">Whether both wrote the same tokens.</param>
/// <param name="UnrepeatedRatio">The same for an answer that repeats nothing: below 1 drafting costs time.</param>
internal sealed record DraftedEditFigures(double Speedup, bool Identical, int Drafted, int Accepted, double UnrepeatedRatio);

/// <param name="P95Ms">From the request to cancel to the end of the work.</param>
internal sealed record CancelFigures(double P50Ms, double P95Ms, double MaxMs);

/// <param name="EngineOverheadMB">Resident memory that came with the engine, less the weights and the cache.</param>
internal sealed record MemoryFigures(double EngineOverheadMB, double WeightsMB, double CacheMB, double ResidentMB);

/// <summary>Ratios are ours divided by the peer's.</summary>
internal sealed record PeerFigures(string Url, double PrefillTokensPerSecond, double DecodeTokensPerSecond, double PrefillRatio, double DecodeRatio, Distribution TypingEvaluatedPerKeystroke);

internal sealed record Distribution(double Mean, double P50, double P95, double P99, double Max)
{
    public static Distribution Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0
            ? new Distribution(0, 0, 0, 0, 0)
            : new Distribution(sorted.Average(), At(0.5), At(0.95), At(0.99), sorted[^1]);

        double At(double part) => sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling(part * sorted.Length) - 1)];
    }
}
