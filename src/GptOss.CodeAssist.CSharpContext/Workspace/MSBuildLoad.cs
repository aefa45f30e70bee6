namespace GptOss.CodeAssist.CSharpContext.Workspace;

/// <summary>What MSBuild said about a workspace.</summary>
/// <param name="Projects">All projects, as good as they are known; null where MSBuild could load none.</param>
/// <param name="Failures">What it could not load, a sentence each.</param>
internal sealed record MSBuildLoad(IReadOnlyList<ProjectDescription>? Projects, IReadOnlyList<string> Failures);
