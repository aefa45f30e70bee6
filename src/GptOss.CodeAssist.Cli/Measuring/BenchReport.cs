using System.Collections.Immutable;

namespace GptOss.CodeAssist.Cli.Measuring;

/// <summary>What <c>bench</c> measured. Speeds in tokens a second, times in milliseconds; of repeated measurements the median. What was not measured is null.</summary>
internal sealed record BenchReport
{
    public required string Version { get; init; }

    public required string Model { get; init; }

    /// <summary>From the start of loading until the first request could be worked on.</summary>
    public required double LoadMs { get; init; }

    /// <summary>How often speeds were measured.</summary>
    public int Rounds { get; init; }

    public SpeedFigure? Prefill { get; init; }

    public SpeedFigure? Decode { get; init; }

    /// <summary>What evaluating some tokens at once costs, by their number.</summary>
    public ImmutableArray<BatchFigure>? Batches { get; init; }

    public TypingFigures? Typing { get; init; }

    public DraftedEditFigures? DraftedEdit { get; init; }

    public CancelFigures? Cancel { get; init; }

    /// <summary>What many cancelled requests leave in memory; null where none were asked for.</summary>
    public LeakFigures? Leaks { get; init; }

    public MemoryFigures? Memory { get; init; }

    /// <summary>The same work on a llama-server in the same run; null when none was named.</summary>
    public PeerFigures? Peer { get; init; }
}

/// <param name="Tokens">Tokens of one measurement.</param>
internal sealed record SpeedFigure(double TokensPerSecond, int Tokens);

/// <param name="Ms">Median; llama.cpp builds its graph anew for each, as it does for a draft after a single token.</param>
internal sealed record BatchFigure(int Tokens, double Ms);

/// <param name="Pairs">Requests that were started and cancelled.</param>
/// <param name="ResidentGrowthMB">How much more of the machine's memory the process uses after them.</param>
/// <param name="ManagedGrowthMB">How much more its garbage-collected heap holds.</param>
internal sealed record LeakFigures(int Pairs, double ResidentGrowthMB, double ManagedGrowthMB);

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
/// <param name="WeightsMB">What of the resident memory is weights; those that are laid out anew may count twice, since the file they came from is mapped too.</param>
internal sealed record MemoryFigures(double EngineOverheadMB, double WeightsMB, double CacheMB, double ResidentMB);

/// <summary>The same work on the peer; ratios are ours divided by the peer's, and what was not measured is null.</summary>
internal sealed record PeerFigures(string Url)
{
    public double? PrefillTokensPerSecond { get; init; }

    public double? DecodeTokensPerSecond { get; init; }

    public double? PrefillRatio { get; init; }

    public double? DecodeRatio { get; init; }

    public Distribution? TypingEvaluatedPerKeystroke { get; init; }
}

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
