namespace GptOss.CodeAssist.Settings;

/// <summary>The kinds of places that settings come from; a later one wins.</summary>
public enum SettingsRank
{
    BuiltIn,
    UserFile,
    WorkspaceFile,
    Editor,
    CommandLine,
}
