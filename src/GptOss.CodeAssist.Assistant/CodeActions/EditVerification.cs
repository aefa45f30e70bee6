namespace GptOss.CodeAssist.Assistant.CodeActions;

/// <summary>How far an edit was checked before it was offered.</summary>
public enum EditVerification
{
    /// <summary>Applied to a fork of the solution and compiled: no new errors.</summary>
    Compiled,

    /// <summary>Only parsed, because the file belongs to no loaded project.</summary>
    Parsed,
}
