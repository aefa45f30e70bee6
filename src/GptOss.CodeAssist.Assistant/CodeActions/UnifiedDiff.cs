using DiffPlex.Renderer;

namespace GptOss.CodeAssist.Assistant.CodeActions;

/// <summary>A file's edit as a unified diff, for people and for <c>patch</c>.</summary>
public static class UnifiedDiff
{
    private const int ContextLines = 3;

    /// <summary>Lines that end in line feeds; empty where nothing changes.</summary>
    public static string Of(FileEdit file)
    {
        var name = Path.GetFileName(file.Path);
        var diff = UnidiffRenderer.GenerateUnidiff(
            file.OldText?.ToString() ?? "", file.NewText.ToString(), file.OldText is null ? "/dev/null" : name, name, ignoreWhitespace: false, ignoreCase: false, ContextLines);
        return diff.Length == 0 ? "" : diff.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
    }
}
