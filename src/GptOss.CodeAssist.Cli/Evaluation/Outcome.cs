using System.Collections.Immutable;
using System.Globalization;
using GptOss.CodeAssist.Assistant;
using GptOss.CodeAssist.Inference;

namespace GptOss.CodeAssist.Cli.Evaluation;

/// <summary>What came of one hole.</summary>
internal sealed record Outcome
{
    /// <summary>The caret's line up to the caret.</summary>
    public required string Before { get; init; }

    /// <summary>What stood there.</summary>
    public required string Expected { get; init; }

    /// <summary>What was shown; null for nothing.</summary>
    public string? Shown { get; init; }

    /// <summary>Namespaces that are imported with it.</summary>
    public ImmutableArray<string> Usings { get; init; } = [];

    /// <summary>Why nothing was shown; null where something was.</summary>
    public EmptyReason? Reason { get; init; }

    /// <summary>Null where nothing was shown.</summary>
    public NewErrors? Errors { get; init; }

    /// <summary>What the model's work cost; null where the model was not asked.</summary>
    public GenerationUsage? Usage { get; init; }

    /// <summary>From the request to the answer.</summary>
    public required TimeSpan Total { get; init; }

    /// <summary>The part of <see cref="Total"/> that was not the model's.</summary>
    public TimeSpan Own => Usage is { } usage && usage.FirstToken + usage.Decode is var model ? Total > model ? Total - model : TimeSpan.Zero : Total;

    /// <summary>In one line, for a person who wants to know what went wrong.</summary>
    public string Describe()
    {
        var verdict = Errors switch { null => "nothing", { Parses: false } errors => $"no parse ({errors.Ids})", { Binds: false } errors => $"no bind ({errors.Ids})", _ => "fine" };
        return string.Create(CultureInfo.InvariantCulture, $"{verdict,-8} {Own.TotalMilliseconds,5:0.0} of {Total.TotalMilliseconds,4:0} ms | {Similarity.Normalize(Before)}⟦{Similarity.Normalize(Shown ?? Reason?.Message ?? "")}{string.Concat(Usings.Select(name => $" + using {name}"))}⟧ for ⟦{Similarity.Normalize(Expected)}⟧");
    }
}
