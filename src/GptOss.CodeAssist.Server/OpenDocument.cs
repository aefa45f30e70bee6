using GptOss.CodeAssist.Assistant;

namespace GptOss.CodeAssist.Server;

/// <summary>A document that the editor has open, at one version.</summary>
/// <param name="Uri">As the editor writes it; the key among the open documents.</param>
internal sealed record OpenDocument(string Uri, DocumentSnapshot Document, LineIndex Lines)
{
    /// <summary>When the text last changed, in the clock's timestamps.</summary>
    public long ChangedAt { get; init; }

    public OpenDocument(string uri, DocumentSnapshot document)
        : this(uri, document, new LineIndex(document.Text))
    {
    }
}
