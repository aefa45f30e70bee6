namespace GptOss.CodeAssist.CSharpContext.Workspace;

/// <summary>What the files alone said about a workspace.</summary>
/// <param name="Projects">Its projects; files of none are one more.</param>
/// <param name="Failures">The project files that could not be read and why, a sentence each.</param>
internal sealed record QuickLoad(IReadOnlyList<ProjectDescription> Projects, IReadOnlyList<string> Failures);
