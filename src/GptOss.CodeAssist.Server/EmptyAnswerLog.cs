using GptOss.CodeAssist.Assistant;

namespace GptOss.CodeAssist.Server;

/// <summary>Remembers why the newest empty answer was empty, so that silence can be explained. May be used from any thread.</summary>
internal sealed class EmptyAnswerLog
{
    private volatile EmptyReason? _newest;

    /// <summary>Raised when the reason became another one.</summary>
    public event Action? Changed;

    /// <summary>Null while no answer was empty.</summary>
    public EmptyReason? Newest => _newest;

    public void Record(EmptyReason reason)
    {
        var changed = _newest != reason;
        _newest = reason;
        if (changed)
        {
            Changed?.Invoke();
        }
    }
}
