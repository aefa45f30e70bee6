namespace GptOss.CodeAssist.Protocol;

/// <summary>How serious a message is.</summary>
public enum MessageType
{
    Error = 1,
    Warning = 2,
    Info = 3,
    Log = 4,
}
