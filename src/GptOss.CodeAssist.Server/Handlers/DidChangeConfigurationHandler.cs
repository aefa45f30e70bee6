using GptOss.CodeAssist.Protocol;

namespace GptOss.CodeAssist.Server.Handlers;

/// <summary><c>workspace/didChangeConfiguration</c>: the editor's settings changed.</summary>
internal sealed class DidChangeConfigurationHandler(EditorSettings settings)
{
    public NoResult Handle(Session session, DidChangeConfigurationParams parameters)
    {
        settings.TakeChange(session.Current.Client, parameters.Settings);
        return NoResult.Instance;
    }
}
