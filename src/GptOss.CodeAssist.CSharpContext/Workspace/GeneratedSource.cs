namespace GptOss.CodeAssist.CSharpContext.Workspace;

/// <summary>A source text that is part of a project and of no file.</summary>
/// <param name="Path">A path to show; need not exist.</param>
/// <param name="Text">The C#.</param>
public sealed record GeneratedSource(string Path, string Text);
