using System.Collections.Concurrent;
using System.Collections.Immutable;
using GptOss.CodeAssist.CSharpContext.Related.Lexical;
using GptOss.CodeAssist.CSharpContext.Related.Semantic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GptOss.CodeAssist.CSharpContext.Workspace;

/// <summary>Makes a project's compilation, and first those of the projects that it is built on.</summary>
/// <param name="findTree">The tree of a file under some options, as the editor shows it or as it is on disk; null where it cannot be read.</param>
/// <param name="isWordUsed">Whether a word stands anywhere in the workspace.</param>
/// <param name="closing">Cancelled when the workspace is closed: a build belongs to the workspace, not to whoever asked first.</param>
internal sealed class CompilationBuilder(Func<string, CSharpParseOptions, SyntaxTree?> findTree, Func<string, bool> isWordUsed, CancellationToken closing)
{
    private readonly ConcurrentDictionary<string, MetadataReference> _references = new(CompiledProject.PathComparer);

    /// <summary>The project's compilation; the caller joins a build that is under way.</summary>
    public Task<CompiledProject> BuildAsync(LoadedProjects projects, ProjectEntry entry, CancellationToken cancellationToken) => BuildAsync(projects, entry, [], cancellationToken);

    /// <summary>A project's own assemblies, and those of the projects it references: packages are passed on as projects are.</summary>
    public IEnumerable<MetadataReference> MetadataReferencesOf(LoadedProjects projects, ProjectDescription project) => projects.TransitiveReferences(project)
        .Select(projects.FindProject)
        .OfType<ProjectEntry>()
        .Select(entry => entry.Description.AssemblyReferences)
        .Prepend(project.AssemblyReferences)
        .SelectMany(assemblies => assemblies)
        .DistinctBy(Path.GetFileName, StringComparer.OrdinalIgnoreCase)
        .Where(File.Exists)
        .Select(path => _references.GetOrAdd(path, static path => MetadataReference.CreateFromFile(path)));

    private Task<CompiledProject> BuildAsync(LoadedProjects projects, ProjectEntry entry, ImmutableHashSet<ProjectEntry> dependents, CancellationToken cancellationToken) =>
        entry.GetOrBuild(async () =>
        {
            var description = entry.Description;
            var references = MetadataReferencesOf(projects, description).ToList();
            var isComplete = description.ReferencesComplete;
            var chain = dependents.Add(entry);
            var catalogs = ImmutableArray.CreateBuilder<DeclarationCatalog>();
            foreach (var path in projects.TransitiveReferences(description))
            {
                if (projects.FindProject(path) is not { } referenced || chain.Contains(referenced))
                {
                    isComplete = false;
                    continue;
                }

                var compiled = await BuildAsync(projects, referenced, chain, closing).ConfigureAwait(false);
                references.Add(compiled.Compilation.ToMetadataReference());
                catalogs.Add(compiled.Catalog);
                isComplete &= compiled.ReferencesComplete;
            }

            var trees = new SyntaxTree?[description.SourceFiles.Length];
            Parallel.For(0, trees.Length, new ParallelOptions { CancellationToken = closing }, index => trees[index] = findTree(description.SourceFiles[index], description.ParseOptions));
            var generated = description.GeneratedSources.Select(source => CSharpSyntaxTree.ParseText(source.Text, description.ParseOptions, source.Path));
            var compilation = CSharpCompilation.Create(description.AssemblyName, trees.OfType<SyntaxTree>().Concat(generated), references, description.CompilationOptions);
            return new CompiledProject(compilation, isComplete, description.GeneratorsRan)
            {
                Catalog = DeclarationCatalog.Read(trees.OfType<SyntaxTree>(), closing),
                ReferencedCatalogs = catalogs.ToImmutable(),
                IsWordUsed = word => isWordUsed(word) || Words.IsCommon(word),
            };
        }).WaitAsync(cancellationToken);
}
