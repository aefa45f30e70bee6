using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using GptOss.CodeAssist.CSharpContext.Workspace;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GptOss.CodeAssist.CSharpContext.Edits;

/// <summary>Finds analyzers in assemblies. Each assembly is loaded once for the process, and only when one of its rules may be asked about.</summary>
internal static class AnalyzerFiles
{
    private static readonly ConcurrentDictionary<string, Lazy<ImmutableArray<DiagnosticAnalyzer>>> Loaded = new(CompiledProject.PathComparer);
    private static readonly Lazy<ImmutableArray<string>> OfSdk = new(FindOfSdk);

    /// <summary>The analyzers that report a rule.</summary>
    public static ImmutableArray<DiagnosticAnalyzer> Find(string id, IEnumerable<string> ownAnalyzers) => [.. All(ownAnalyzers).Where(analyzer => Reports(analyzer, id))];

    /// <summary>Every analyzer at hand.</summary>
    public static ImmutableArray<DiagnosticAnalyzer> All(IEnumerable<string> ownAnalyzers) =>
    [
        .. OfSdk.Value.Concat(ownAnalyzers).DistinctBy(Path.GetFileName)
            .SelectMany(path => Loaded.GetOrAdd(path, static path => new Lazy<ImmutableArray<DiagnosticAnalyzer>>(() => Load(path))).Value),
    ];

    private static ImmutableArray<DiagnosticAnalyzer> Load(string path)
    {
        // What cannot be loaded reports nothing; the reference does not throw.
        var reference = new AnalyzerFileReference(path, new Loader());
        return reference.GetAnalyzers(LanguageNames.CSharp);
    }

    private static bool Reports(DiagnosticAnalyzer analyzer, string id)
    {
#pragma warning disable CA1031 // An analyzer is foreign code: one that throws reports nothing.
        try
        {
            return analyzer.SupportedDiagnostics.Any(rule => rule.Id == id);
        }
        catch (Exception)
        {
            return false;
        }
#pragma warning restore CA1031
    }

    /// <summary>The rule assemblies of the newest SDK, which every project of that SDK is checked by.</summary>
    private static ImmutableArray<string> FindOfSdk()
    {
        if (ReferenceAssemblies.FindDotnet() is not { } dotnet || !Directory.Exists(Path.Combine(dotnet, "sdk")))
        {
            return [];
        }

        var sdk = Directory.EnumerateDirectories(Path.Combine(dotnet, "sdk")).MaxBy(folder => Version.TryParse(Path.GetFileName(folder).Split('-')[0], out var version) ? version : new Version(0, 0));
        string[] folders = sdk is null ? [] : [Path.Combine(sdk, "Sdks", "Microsoft.NET.Sdk", "analyzers"), Path.Combine(sdk, "Sdks", "Microsoft.NET.Sdk", "codestyle", "cs")];
        return
        [
            .. folders.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, "*.dll"))
                .Where(path => !path.Contains("VisualBasic", StringComparison.Ordinal) && !path.EndsWith(".Fixes.dll", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>One context an assembly: its neighbours come from its folder, the compiler from this process.</summary>
    private sealed class Loader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath)
        {
            // Neighbours are found where they lie.
        }

        public Assembly LoadFromPath(string fullPath) => new Context(Path.GetDirectoryName(fullPath)!).LoadFromAssemblyPath(fullPath);

        private sealed class Context(string folder) : AssemblyLoadContext
        {
            protected override Assembly? Load(AssemblyName assemblyName)
            {
                var name = assemblyName.Name ?? "";
                var isOurs = AssemblyLoadContext.Default.Assemblies.Any(loaded => loaded.GetName().Name == name);
                var neighbour = Path.Combine(folder, name + ".dll");
                return isOurs || !File.Exists(neighbour) ? null : LoadFromAssemblyPath(neighbour);
            }
        }
    }
}
