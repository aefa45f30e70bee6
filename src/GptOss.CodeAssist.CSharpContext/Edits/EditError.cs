namespace GptOss.CodeAssist.CSharpContext.Edits;

/// <summary>An error that an edit would bring in.</summary>
/// <param name="Line">1-based, in the edited text.</param>
/// <param name="Code">The line's text.</param>
public sealed record EditError(string Id, string Message, string Path, int Line, string Code);
