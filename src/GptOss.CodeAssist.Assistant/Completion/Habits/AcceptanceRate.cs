using System.Collections.Immutable;

namespace GptOss.CodeAssist.Assistant.Completion.Habits;

/// <summary>How often a person takes what is shown, the newer the weightier, and what follows from it.</summary>
/// <remarks>Call it with a lock held.</remarks>
internal sealed class AcceptanceRate
{
    /// <summary>Each suggestion makes the ones before weigh this much less: about thirty of them count.</summary>
    private const double Fading = 0.97;

    /// <summary>What is believed of somebody of whom nothing is known: three in ten.</summary>
    private const double AssumedTaken = 3;

    private const double AssumedShown = 10;

    /// <summary>With this rate or a better one nothing is held back.</summary>
    private const double GoodRate = 0.25;

    private const double Steepness = 0.8;
    private const double HighestFloor = 0.2;

    private double _taken;
    private double _shown;

    /// <summary>Least confidence worth showing, between 0 and 0.2.</summary>
    public double MinConfidence => Math.Clamp((GoodRate - ((_taken + AssumedTaken) / (_shown + AssumedShown))) * Steepness, 0, HighestFloor);

    /// <summary>The rate after all that was counted before, as if it had been spread evenly.</summary>
    public static AcceptanceRate Of(ImmutableArray<CompletionCounts> counts)
    {
        var taken = counts.Sum(one => one.Accepted + one.PartlyAccepted);
        var decided = taken + counts.Sum(one => one.Rejected);
        var weight = decided == 0 ? 0 : Math.Min(decided, 1 / (1 - Fading)) / decided;
        return new AcceptanceRate { _taken = taken * weight, _shown = decided * weight };
    }

    public void Take() => (_taken, _shown) = ((_taken * Fading) + 1, (_shown * Fading) + 1);

    public void Reject() => (_taken, _shown) = (_taken * Fading, (_shown * Fading) + 1);
}
