namespace GptOss.CodeAssist.Server;

/// <summary>One editor's state.</summary>
/// <remarks>Changed only by mutating handlers, which the queue runs one at a time and in order. Reads get <see cref="Current"/>.</remarks>
internal sealed class Session
{
    private volatile Snapshot _current = Snapshot.Initial;

    /// <summary>May be read from any thread.</summary>
    public Snapshot Current => _current;

    public void Start(ClientProfile client) => _current = _current with { Lifecycle = Lifecycle.Running, Client = client };

    public void ShutDown() => _current = _current with { Lifecycle = Lifecycle.ShutDown };

    public void Put(OpenDocument document) => _current = _current with { Documents = _current.Documents.SetItem(document.Uri, document) };

    public void Remove(string uri) => _current = _current with { Documents = _current.Documents.Remove(uri) };
}
