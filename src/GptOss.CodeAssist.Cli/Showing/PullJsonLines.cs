using System.Text.Json;
using GptOss.CodeAssist.Models;

namespace GptOss.CodeAssist.Cli.Showing;

/// <summary>Writes a pull's progress for programs, one JSON object a line.</summary>
internal sealed class PullJsonLines(TextWriter writer) : IProgress<PullProgress>
{
    public void Report(PullProgress value)
    {
        var line = new PullEvent(value.Stage == PullStage.Fetching ? "fetching" : "verifying")
        {
            File = value.File,
            Done = value.Done,
            Total = value.Total,
            BytesPerSecond = value.BytesPerSecond is { } rate ? Math.Round(rate) : null,
            SecondsLeft = value.Left is { } left ? Math.Round(left.TotalSeconds) : null,
        };
        writer.WriteLine(JsonSerializer.Serialize(line, CliJson.Compact.PullEvent));
        writer.Flush();
    }
}
