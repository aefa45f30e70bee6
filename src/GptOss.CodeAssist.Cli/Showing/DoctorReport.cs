using System.Collections.Immutable;

namespace GptOss.CodeAssist.Cli.Showing;

/// <summary>What <c>doctor</c> found.</summary>
/// <param name="Version">The program's own version.</param>
internal sealed record DoctorReport(string Version, ImmutableArray<DoctorCheck> Checks)
{
    public bool IsHealthy => Checks.All(check => check.Verdict != "fail");
}
