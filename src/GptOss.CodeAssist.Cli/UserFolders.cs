namespace GptOss.CodeAssist.Cli;

/// <summary>Where this program keeps what belongs to one user, by each system's own custom.</summary>
internal static class UserFolders
{
    private const string Name = "gptoss-codeassist";

    /// <summary>For instance <c>~/.local/share/gptoss-codeassist</c> or <c>%LOCALAPPDATA%\gptoss-codeassist</c>.</summary>
    public static string Data { get; } = Find(Environment.SpecialFolder.LocalApplicationData);

    /// <summary>For instance <c>~/.config/gptoss-codeassist</c> or <c>%APPDATA%\gptoss-codeassist</c>.</summary>
    public static string Config { get; } = Find(Environment.SpecialFolder.ApplicationData);

    // A service without a home folder still has a place for its files.
    private static string Find(Environment.SpecialFolder folder) =>
        Path.Combine(Environment.GetFolderPath(folder, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } path ? path : Path.GetTempPath(), Name);
}
