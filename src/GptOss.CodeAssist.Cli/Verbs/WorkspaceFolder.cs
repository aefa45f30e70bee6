namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary>Guesses the folder that an editor would have opened for a file.</summary>
internal static class WorkspaceFolder
{
    private static readonly string[] Signs = ["*.sln", "*.slnx"];

    /// <summary>The nearest folder above with a repository or a solution; else with a project; else the file's own.</summary>
    public static string Find(string file) => FindMarked(file) ?? Path.GetDirectoryName(file)!;

    /// <summary>The same, but null where nothing marks a folder: a loose file in a home folder must not make all of it a workspace.</summary>
    public static string? FindMarked(string file)
    {
        string? project = null;
        for (var folder = Path.GetDirectoryName(file); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Directory.Exists(Path.Combine(folder, ".git")) || Signs.Any(sign => HasFile(folder, sign)))
            {
                return folder;
            }

            project ??= HasFile(folder, "*.csproj") ? folder : null;
        }

        return project;
    }

    /// <summary>A folder that does not exist, as a document's that was never saved, or that may not be read marks nothing.</summary>
    private static bool HasFile(string folder, string pattern) =>
        Directory.Exists(folder) && Directory.EnumerateFiles(folder, pattern, new EnumerationOptions { IgnoreInaccessible = true }).Any();
}
