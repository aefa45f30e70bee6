namespace GptOss.CodeAssist.EngineDaemon.Client;

/// <summary>When an engine that was lost may be started again. Pure.</summary>
/// <remarks>
/// The first restart is at once: a person is typing. Then ever later, and not at all after <see cref="MaxLoadingCrashes"/> engines died before their model was loaded
/// or <see cref="MaxCrashes"/> in all within the journal's memory: what fails so often fails again, and a 12 GB file is read each time.
/// </remarks>
internal static class RestartPolicy
{
    public const int MaxLoadingCrashes = 3;
    public const int MaxCrashes = 6;

    private static readonly TimeSpan[] Delays = [TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30)];

    /// <summary>When the next may start; null for not by itself.</summary>
    /// <param name="crashes">Recent ones, oldest first.</param>
    public static DateTimeOffset? FindNextStart(IReadOnlyList<EngineCrash> crashes) => crashes switch
    {
        [] => DateTimeOffset.MinValue,
        _ when crashes.Count >= MaxCrashes || crashes.Count(crash => !crash.WasReady) >= MaxLoadingCrashes => null,
        [.., var last] => last.At + Delays[crashes.Count],
    };
}
