using System.Collections.Concurrent;
using System.Collections.Immutable;
using GptOss.CodeAssist.CSharpContext.Workspace;

namespace GptOss.CodeAssist.CSharpContext.Related.Configuration;

/// <summary>The keys of the application's settings, where the code around the caret reads settings.</summary>
internal sealed class ConfigurationSource(CSharpWorkspace workspace) : IRelatedSource
{
    private const int LinesAround = 12;

    private static readonly string[] Signs = ["onfiguration[", "onfig[", "GetSection", "GetRequiredSection", "GetConnectionString", "GetValue<", "BindConfiguration", ".Configure<", "AddOptions<", "AppSettings[", "ConnectionStrings["];

    private readonly ConcurrentDictionary<string, (DateTime Written, ImmutableArray<string> Keys)> _known = new(CompiledProject.PathComparer);

    public string Name => "configuration keys";

    public string? Find(RelatedRequest request, Action<RelatedItem> add, Func<bool> isLate, CancellationToken cancellationToken)
    {
        if (!ReadsSettings(request))
        {
            return null;
        }

        var files = Folders(request.Document.Path).SelectMany(folder => Directory.EnumerateFiles(folder, "*.*").Where(workspace.Filter.MayReadKeys).Order(StringComparer.Ordinal)).ToList();
        var keys = files.SelectMany(file => KeysOf(file)).Distinct(StringComparer.OrdinalIgnoreCase).ToImmutableArray();
        if (!keys.IsEmpty)
        {
            add(new RelatedItem(RelatedKind.ConfigurationKeys, "configuration keys", files[0], "the code reads settings", 0.9, "// configuration keys:", keys, null));
        }

        return null;
    }

    private static bool ReadsSettings(RelatedRequest request)
    {
        var lines = request.Document.Text.Lines;
        var current = lines.GetLineFromPosition(request.Caret).LineNumber;
        for (var line = Math.Max(0, current - LinesAround); line <= Math.Min(lines.Count - 1, current + LinesAround); line++)
        {
            var text = lines[line].ToString();
            if (Signs.Any(sign => text.Contains(sign, StringComparison.Ordinal)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>From the file's folder up to its project's, or to the workspace's.</summary>
    private IEnumerable<string> Folders(string path)
    {
        for (var folder = Path.GetDirectoryName(path); folder is not null && Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
        {
            yield return folder;
            if (workspace.Folders.Contains(folder) || Directory.EnumerateFiles(folder, "*.csproj").Any())
            {
                yield break;
            }
        }
    }

    private ImmutableArray<string> KeysOf(string path)
    {
        var written = File.GetLastWriteTimeUtc(path);
        if (!_known.TryGetValue(path, out var known) || known.Written != written)
        {
            _known[path] = known = (written, ConfigurationKeys.Read(path));
        }

        return known.Keys;
    }
}
