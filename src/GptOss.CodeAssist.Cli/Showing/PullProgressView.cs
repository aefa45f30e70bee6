using System.Globalization;
using GptOss.CodeAssist.Models;

namespace GptOss.CodeAssist.Cli.Showing;

/// <summary>Shows a pull's progress: one line that changes on a terminal, now and then a line elsewhere.</summary>
internal sealed class PullProgressView(TextWriter error, bool isTerminal, TimeProvider time) : IProgress<PullProgress>
{
    private const int BarWidth = 24;
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(15);

    private long? _shownAt;
    private PullStage? _stage;
    private int _width;

    public void Report(PullProgress value)
    {
        var now = time.GetTimestamp();
        if (!isTerminal && value.Stage == _stage && _shownAt is { } before && time.GetElapsedTime(before, now) < LogInterval)
        {
            return;
        }

        (_shownAt, _stage) = (now, value.Stage);
        var line = Describe(value);
        if (isTerminal)
        {
            error.Write($"\r{line.PadRight(_width)}");
            _width = line.Length;
            error.Flush();
        }
        else
        {
            error.WriteLine(line);
        }
    }

    /// <summary>Leaves the line that changes.</summary>
    public void Finish()
    {
        if (_width > 0)
        {
            error.WriteLine();
            _width = 0;
        }
    }

    private string Describe(PullProgress value)
    {
        var share = value.Total == 0 ? 1 : value.Done / (double)value.Total;
        var full = (int)(share * BarWidth);
        var bar = isTerminal ? $" [{new string('=', full)}{new string(' ', BarWidth - full)}]" : "";
        var action = value.Stage == PullStage.Fetching ? "Fetching" : "Verifying";
        var rate = value.BytesPerSecond is > 0 and { } now ? $", {Sizes.Decimal(now)}/s" : "";
        var left = value is { Left: { } time, Done: var done } && done < value.Total ? $", {Describe(time)} left" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{action} {value.File}{bar} {Math.Floor(share * 100):F0} % of {Sizes.Decimal(value.Total)}{rate}{left}");
    }

    private static string Describe(TimeSpan left) => left switch
    {
        { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)left.TotalHours} h {left.Minutes} min"),
        { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{left.Minutes} min {left.Seconds} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(left.TotalSeconds)} s"),
    };
}
