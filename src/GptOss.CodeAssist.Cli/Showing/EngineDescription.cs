using System.Globalization;
using GptOss.CodeAssist.EngineDaemon;

namespace GptOss.CodeAssist.Cli.Showing;

/// <summary>A running engine in one line.</summary>
internal static class EngineDescription
{
    public static string Of(EngineReport report, TimeProvider time)
    {
        var age = time.GetUtcNow() - report.StartedAt;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Model}: {report.Problem ?? report.State}; process {report.ProcessId}, {report.MemoryBytes / 1048576.0:N0} MiB, {age.TotalMinutes:F0} min old, {report.Clients} clients, {report.Generations} answers being written");
    }
}
