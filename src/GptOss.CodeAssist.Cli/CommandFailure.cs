namespace GptOss.CodeAssist.Cli;

/// <summary>A command cannot do what was asked; the message is one line for a person that says what to do next.</summary>
internal sealed class CommandFailure(int exitCode, string message) : Exception(message)
{
    public int ExitCode => exitCode;

    /// <summary>The command was called in a way that cannot work.</summary>
    public static CommandFailure Usage(string message) => new(ExitCodes.Usage, message);

    /// <summary>The thing asked for failed.</summary>
    public static CommandFailure Failed(string message) => new(ExitCodes.Failed, message);
}
