namespace GptOss.CodeAssist.Cli.Showing;

/// <summary>One thing that <c>doctor</c> looked at.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Verdict"><c>ok</c>, <c>warn</c> (works, not well) or <c>fail</c> (does not work).</param>
/// <param name="Finding">What was found, and what to do about it where something should be done.</param>
internal sealed record DoctorCheck(string Name, string Verdict, string Finding)
{
    public static DoctorCheck Ok(string name, string finding) => new(name, "ok", finding);

    public static DoctorCheck Warn(string name, string finding) => new(name, "warn", finding);

    public static DoctorCheck Fail(string name, string finding) => new(name, "fail", finding);
}
