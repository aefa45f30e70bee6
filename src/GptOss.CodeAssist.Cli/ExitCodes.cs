namespace GptOss.CodeAssist.Cli;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>The thing asked for failed.</summary>
    public const int Failed = 1;

    /// <summary>Bad usage: nothing was tried.</summary>
    public const int Usage = 2;
}
