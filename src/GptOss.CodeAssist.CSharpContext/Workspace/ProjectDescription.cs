using System.Collections.Immutable;
using Microsoft.CodeAnalysis.CSharp;

namespace GptOss.CodeAssist.CSharpContext.Workspace;

/// <summary>What a compilation of a project is made of, whoever found it out.</summary>
public sealed record ProjectDescription
{
    /// <summary>Full path of the project file, or of the folder where there is none.</summary>
    public required string Path { get; init; }

    public required string AssemblyName { get; init; }

    /// <summary>The short framework name, for instance <c>net10.0</c>.</summary>
    public required string TargetFramework { get; init; }

    /// <summary>Full paths of the source files.</summary>
    public required ImmutableArray<string> SourceFiles { get; init; }

    /// <summary>Source that no file holds: global usings, assembly attributes, generators' output.</summary>
    public ImmutableArray<GeneratedSource> GeneratedSources { get; init; } = [];

    public required CSharpParseOptions ParseOptions { get; init; }

    public required CSharpCompilationOptions CompilationOptions { get; init; }

    /// <summary>Full paths of referenced project files.</summary>
    public ImmutableArray<string> ProjectReferences { get; init; } = [];

    /// <summary>Full paths of referenced assemblies.</summary>
    public ImmutableArray<string> AssemblyReferences { get; init; } = [];

    /// <summary>Full paths of the analyzer assemblies, where MSBuild named them.</summary>
    public ImmutableArray<string> AnalyzerFiles { get; init; } = [];

    /// <summary>Full paths of the files that say how severe problems are.</summary>
    public ImmutableArray<string> AnalyzerConfigFiles { get; init; } = [];

    /// <summary>Whether every reference was found.</summary>
    public bool ReferencesComplete { get; init; } = true;

    /// <summary>Whether <see cref="GeneratedSources"/> holds the source generators' output, or the project has none.</summary>
    public bool GeneratorsRan { get; init; }

    /// <summary>What could not be found out, a sentence each.</summary>
    public ImmutableArray<string> Degradations { get; init; } = [];

    /// <summary>The same, with the files of a newer look at the folder: what is gone is left out, and what nobody knew is added.</summary>
    internal ProjectDescription WithFilesOf(ProjectDescription newer, Func<string, bool> isKnown)
    {
        var files = SourceFiles.Where(File.Exists).Concat(newer.SourceFiles.Where(path => !isKnown(path))).ToImmutableArray();
        return files.SequenceEqual(SourceFiles) ? this : this with { SourceFiles = files };
    }

    /// <summary>Whether a compilation of this one becomes one of the other by adding and removing files.</summary>
    internal bool DiffersInFilesAlone(ProjectDescription other) =>
        AssemblyName == other.AssemblyName
        && TargetFramework == other.TargetFramework
        && ParseOptions.Equals(other.ParseOptions)
        && CompilationOptions.Equals(other.CompilationOptions)
        && ReferencesComplete == other.ReferencesComplete
        && GeneratorsRan == other.GeneratorsRan
        && GeneratedSources.SequenceEqual(other.GeneratedSources)
        && ProjectReferences.SequenceEqual(other.ProjectReferences)
        && AssemblyReferences.SequenceEqual(other.AssemblyReferences)
        && AnalyzerConfigFiles.SequenceEqual(other.AnalyzerConfigFiles)
        && Degradations.SequenceEqual(other.Degradations);
}
