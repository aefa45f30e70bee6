using GptOss.CodeAssist.CSharpContext.Workspace;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.CSharpContext.Tests;

/// <summary>A folder with some files, deleted at the end.</summary>
internal sealed class FolderUnderTest : IDisposable
{
    private FolderUnderTest(string path) => Path = path;

    public string Path { get; }

    /// <param name="files">A line <c>// file: PATH</c> before each file's text.</param>
    public static FolderUnderTest Create(string files)
    {
        var folder = new FolderUnderTest(Directory.CreateTempSubdirectory("gptoss-context-").FullName);
        foreach (var part in files.Split("// file: ", StringSplitOptions.RemoveEmptyEntries))
        {
            var lineEnd = part.IndexOf('\n', StringComparison.Ordinal);
            folder.Write((lineEnd < 0 ? part : part[..lineEnd]).Trim(), lineEnd < 0 ? string.Empty : part[(lineEnd + 1)..]);
        }

        return folder;
    }

    public string File(string relative) => System.IO.Path.Combine(Path, relative);

    public void Write(string relative, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(File(relative))!);
        System.IO.File.WriteAllText(File(relative), text);
    }

    public CSharpWorkspace Open() => CSharpWorkspace.Open([Path], new CSharpWorkspaceOptions(), NullLogger.Instance);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
