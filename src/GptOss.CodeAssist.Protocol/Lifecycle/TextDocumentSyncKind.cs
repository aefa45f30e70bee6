namespace GptOss.CodeAssist.Protocol;

/// <summary>How much of a document a change carries.</summary>
public enum TextDocumentSyncKind
{
    None = 0,
    Full = 1,
    Incremental = 2,
}
