using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Workspace;

/// <summary>The texts of a workspace: the editor's where it shows a file, else the disk's.</summary>
/// <remarks>Safe from any thread. What may be read at all is the caller's to ask first.</remarks>
/// <param name="maximumFileSize">In bytes; a larger file is not read.</param>
internal sealed class WorkspaceTexts(long maximumFileSize)
{
    private readonly ConcurrentDictionary<string, OverlayDocument> _overlays = new(CompiledProject.PathComparer);

    /// <summary>Full paths of the files that the editor shows.</summary>
    public IEnumerable<string> OpenPaths => _overlays.Keys;

    /// <summary>The texts that the editor shows.</summary>
    public IEnumerable<(string Path, SourceText Text)> OpenTexts => _overlays.Select(overlay => (overlay.Key, overlay.Value.Text));

    public OverlayDocument? FindOpen(string path) => _overlays.GetValueOrDefault(path);

    public bool IsOpen(string path) => _overlays.ContainsKey(path);

    public void SetOpen(string path, OverlayDocument overlay) => _overlays[path] = overlay;

    public bool Close(string path) => _overlays.TryRemove(path, out _);

    /// <summary>The tree of a file under some options; null where it cannot be read.</summary>
    public SyntaxTree? FindTree(string path, CSharpParseOptions options) =>
        FindOpen(path)?.TreeFor(options) ?? (Read(path) is { } text ? CSharpSyntaxTree.ParseText(text, options, path) : null);

    /// <summary>The file's text on disk; null where it is gone, too large or locked.</summary>
    public SourceText? Read(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists || file.Length > maximumFileSize)
            {
                return null;
            }

            using var stream = file.Open(FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return SourceText.From(stream);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }
}
