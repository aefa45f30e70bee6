using System.Globalization;
using GptOss.CodeAssist.Cli.Engines;
using GptOss.CodeAssist.Cli.Showing;
using GptOss.CodeAssist.EngineDaemon;
using GptOss.CodeAssist.Settings;

namespace GptOss.CodeAssist.Cli.Diagnosis;

/// <summary>What <c>doctor</c> says of the engines that editors share: where they are, who can reach them, how they are, and what the last ones died of.</summary>
internal static class EngineChecks
{
    public static async Task<DoctorCheck> CheckAsync(CliEnvironment environment, SettingsStore store, CancellationToken cancellationToken)
    {
        var where = store.For(null).Get(SettingsSchema.Engine);
        EngineFolder folder;
        try
        {
            folder = environment.OpenEngineFolder();
        }
        catch (IOException exception)
        {
            return where == EngineSelection.Shared
                ? DoctorCheck.Fail("engine", exception.Message)
                : DoctorCheck.Warn("engine", $"models run in the editor's own server, because nothing can be shared: {exception.Message}");
        }

        var (findings, isWell) = (new List<string>(), true);
        foreach (var address in folder.List())
        {
            if (await FindTroubleAsync(address, environment.Time, cancellationToken) is { } trouble)
            {
                findings.Add(trouble);
                isWell = false;
            }
            else if (await EngineVisit.LookAsync(address, environment.Time, cancellationToken) is { } report)
            {
                findings.Add(EngineDescription.Of(report, environment.Time));
            }
        }

        var found = $"{DescribeChoice(where)}; {(findings.Count == 0 ? "no shared engine runs" : string.Join("; ", findings))}; found in {folder.FullName}, which only you may enter";
        return isWell ? DoctorCheck.Ok("engine", found) : DoctorCheck.Warn("engine", found);
    }

    private static string DescribeChoice(string where) => where switch
    {
        EngineSelection.Shared => "every model is shared by all editors",
        EngineSelection.Embedded => "nothing is shared, as the setting engine says",
        EngineSelection.Auto => "models of more than 64 MiB are shared by all editors",
        _ => "a model server answers, and nothing needs to be shared",
    };

    /// <summary>What is wrong with one engine; null where it is well, or does not run and has not died of late.</summary>
    private static async Task<string?> FindTroubleAsync(EngineAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        if (address.FindExposure() is { } exposure)
        {
            return exposure;
        }

        var report = await EngineVisit.LookAsync(address, time, cancellationToken);
        if (report is null && address.IsOwned())
        {
            return $"the process of the engine {address.Name} is there but does not answer: end it by hand, its log is {address.LogPath}";
        }

        if (report is { Problem: not null })
        {
            return EngineDescription.Of(report, time);
        }

        var journal = new EngineJournal(address, time);
        var crashes = journal.ReadCrashes();
        if (crashes.Count == 0)
        {
            return null;
        }

        var words = journal.FindLastWords() is { } line ? $", last words: {line}" : "";
        var phase = crashes[^1].WasReady ? "while it answered" : "while it loaded its model";
        return string.Create(CultureInfo.InvariantCulture, $"the engine {address.Name} died {(crashes.Count == 1 ? "once" : $"{crashes.Count} times")} in ten minutes, last at {crashes[^1].At.ToLocalTime():HH:mm:ss} {phase}{words}; its log is {address.LogPath}, `gptoss-codeassist engine start` tries again{(report is null ? "" : $"; now {EngineDescription.Of(report, time)}")}");
    }
}
