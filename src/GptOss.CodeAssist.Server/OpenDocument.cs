using GptOss.CodeAssist.Assistant;

namespace GptOss.CodeAssist.Server;

/// <summary>A document that the editor has open, at one version.</summary>
/// <param name="Uri">As the editor writes it; the key among the open documents.</param>
internal sealed record OpenDocument(string Uri, DocumentSnapshot Document, LineIndex Lines)
{
    public OpenDocument(string uri, DocumentSnapshot document)
        : this(uri, document, new LineIndex(document.Text))
    {
    }
}
