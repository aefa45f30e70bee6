using GptOss.CodeAssist.CSharpContext.Workspace;

namespace GptOss.CodeAssist.Assistant;

/// <summary>Which files never enter a prompt, not even while a person works on them.</summary>
internal static class ExcludedFiles
{
    /// <summary>Why a file must not be read to a model; null where it may.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="filter">What its workspace hides; null for a loose file, which only its name can exclude.</param>
    public static EmptyReason? Find(string path, WorkspaceFileFilter? filter) =>
        WorkspaceFileFilter.IsSecret(path) ? EmptyReasons.SecretFile(Path.GetFileName(path))
        : filter is null || !filter.IsIgnored(path) ? null
        : EmptyReasons.HiddenFile(Path.GetFileName(path));
}
