namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>A caret that wants a continuation.</summary>
/// <param name="Document">The document as the editor shows it.</param>
/// <param name="Offset">The caret, in UTF-16 units from the document's start.</param>
/// <param name="Trigger">Whether a person asked or the editor did.</param>
/// <param name="Selected">The entry selected in the editor's completion pop-up; null without one.</param>
public sealed record CompletionRequest(DocumentSnapshot Document, int Offset, CompletionTrigger Trigger, SelectedCompletion? Selected = null)
{
    /// <summary>How long ago the document changed: an editor that waited already is not made to wait again.</summary>
    public TimeSpan SinceChange { get; init; }
}
