using System.Collections.Immutable;

namespace GptOss.CodeAssist.Tidy.Tests;

/// <summary>The checkout that these tests were built from.</summary>
internal static class Repository
{
    public const string Solution = "GptOss.CodeAssist.sln";
    public const string ProjectPrefix = "GptOss.CodeAssist.";

    // What Git, builds, package managers and editors leave behind; .gitignore names the same. In a linked checkout .git is a file.
    private static readonly ImmutableHashSet<string> Ignored =
        [".git", "bin", "obj", "node_modules", "artifacts", "BenchmarkDotNet.Artifacts", "TestResults", "dist", ".vs", ".idea", ".cache"];

    private static readonly ImmutableHashSet<string> TextExtensions =
    [
        ".cs", ".csproj", ".props", ".targets", ".json", ".md", ".txt", ".sln", ".ts", ".js", ".mjs", ".lua", ".vim", ".el", ".kt", ".kts", ".toml",
        ".yml", ".yaml", ".xml", ".sh", ".liquid", ".jsonl", ".editorconfig", ".gitignore", ".gitattributes", ".npmrc", ".vscodeignore", "",
    ];

    public static string Root { get; } = FindRoot();

    /// <summary>Every file that belongs to the project, relative to the root, with '/'.</summary>
    public static ImmutableArray<string> Files { get; } = [.. Enumerate(Root).Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    public static IEnumerable<string> TextFiles => Files.Where(file => TextExtensions.Contains(Path.GetExtension(file)));

    public static IEnumerable<string> Projects => Files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal));

    /// <summary>The parts of the program; what makes and measures the starter model is none of them.</summary>
    public static IEnumerable<string> SourceProjects => Projects.Where(project => project.StartsWith("src/" + ProjectPrefix, StringComparison.Ordinal));

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    /// <summary>For instance <c>Inference.Llama</c> for its project file.</summary>
    public static string ShortName(string project) => Path.GetFileNameWithoutExtension(project)[ProjectPrefix.Length..];

    private static IEnumerable<string> Enumerate(string folder) =>
        Directory.EnumerateFiles(folder).Where(file => !Ignored.Contains(Path.GetFileName(file))).Concat(Directory.EnumerateDirectories(folder).Where(inner => !Ignored.Contains(Path.GetFileName(inner))).SelectMany(Enumerate));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Solution)))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds {Solution}.");
    }
}
