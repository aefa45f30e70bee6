namespace GptOss.CodeAssist.Settings;

/// <summary>Who may set a setting.</summary>
public enum SettingScope
{
    /// <summary>Everybody, a repository's own file too.</summary>
    Workspace,

    /// <summary>The user alone: what a repository from elsewhere must not decide, such as where code is sent and which file is loaded.</summary>
    User,
}
