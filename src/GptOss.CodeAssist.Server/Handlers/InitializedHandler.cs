using GptOss.CodeAssist.Protocol;

namespace GptOss.CodeAssist.Server.Handlers;

/// <summary><c>initialized</c>: from now on the server may speak first.</summary>
internal sealed class InitializedHandler(StatusReporter status)
{
    private bool _isStarted;

    public NoResult Handle(Session session, InitializedParams parameters)
    {
        if (!_isStarted)
        {
            _isStarted = true;
            status.Start(session.Current.Client);
        }

        return NoResult.Instance;
    }
}
