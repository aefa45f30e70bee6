using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace GptOss.CodeAssist.CSharpContext.Workspace;

/// <summary>How severe <c>.editorconfig</c> and <c>.globalconfig</c> files want problems to be.</summary>
internal sealed class ConfiguredSeverities : SyntaxTreeOptionsProvider, IEquatable<ConfiguredSeverities>
{
    private readonly ImmutableArray<(string Path, string Text)> _files;
    private readonly AnalyzerConfigSet _set;
    private readonly ConcurrentDictionary<string, ImmutableDictionary<string, ReportDiagnostic>> _byPath = new(CompiledProject.PathComparer);

    private ConfiguredSeverities(ImmutableArray<(string Path, string Text)> files)
    {
        _files = files;
        _set = AnalyzerConfigSet.Create(files.Select(file => AnalyzerConfig.Parse(file.Text, file.Path)).ToList(), out _);
    }

    /// <summary>The files that count for a project: of its folder and those above, and of the folders that its sources lie in.</summary>
    /// <param name="folder">Full path of the project's folder.</param>
    /// <param name="sourceFiles">Full paths.</param>
    public static ImmutableArray<string> FindFiles(string folder, IEnumerable<string> sourceFiles)
    {
        var folders = new HashSet<string>(CompiledProject.PathComparer);
        foreach (var start in sourceFiles.Select(Path.GetDirectoryName).Prepend(folder))
        {
            for (var current = start; current is not null && folders.Add(current); current = Path.GetDirectoryName(current))
            {
            }
        }

        return [.. folders.SelectMany(found => new[] { Path.Combine(found, ".editorconfig"), Path.Combine(found, ".globalconfig") }).Where(File.Exists).Order(StringComparer.Ordinal)];
    }

    /// <summary>What the files say; null where there is none that can be read.</summary>
    public static ConfiguredSeverities? Read(ImmutableArray<string> paths)
    {
        var files = ImmutableArray.CreateBuilder<(string, string)>();
        foreach (var path in paths)
        {
            try
            {
                files.Add((path, File.ReadAllText(path)));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // What cannot be read decides nothing.
            }
        }

        return files.Count > 0 ? new ConfiguredSeverities(files.ToImmutable()) : null;
    }

    public override GeneratedKind IsGenerated(SyntaxTree tree, CancellationToken cancellationToken) => GeneratedKind.Unknown;

    public override bool TryGetDiagnosticValue(SyntaxTree tree, string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity) =>
        _byPath.GetOrAdd(tree.FilePath, path => _set.GetOptionsForSourcePath(path).TreeOptions).TryGetValue(diagnosticId, out severity);

    public override bool TryGetGlobalDiagnosticValue(string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity) =>
        _set.GlobalConfigOptions.TreeOptions.TryGetValue(diagnosticId, out severity);

    /// <summary>By content, so that a project read again with the same files is not compiled anew.</summary>
    public bool Equals(ConfiguredSeverities? other) => other is not null && _files.SequenceEqual(other._files);

    public override bool Equals(object? obj) => Equals(obj as ConfiguredSeverities);

    public override int GetHashCode() => _files.Length;
}
