namespace GptOss.CodeAssist.Settings;

/// <summary>Where a value comes from.</summary>
/// <param name="Rank">A later one wins.</param>
/// <param name="Name">The place, to follow "in": a file's path, or words.</param>
public sealed record SettingsOrigin(SettingsRank Rank, string Name)
{
    public static SettingsOrigin BuiltIn { get; } = new(SettingsRank.BuiltIn, "the program");

    public static SettingsOrigin Editor { get; } = new(SettingsRank.Editor, "the editor's settings");

    public static SettingsOrigin CommandLine { get; } = new(SettingsRank.CommandLine, "the command line");
}
