namespace GptOss.CodeAssist.Server;

/// <summary>Where a connection stands between <c>initialize</c> and <c>exit</c>.</summary>
internal enum Lifecycle
{
    Uninitialized,
    Running,
    ShutDown,
}
