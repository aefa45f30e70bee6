using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GptOss.CodeAssist.CSharpContext.Workspace;

/// <summary>A project of the workspace and its compilation, once somebody needed it.</summary>
internal sealed class ProjectEntry(ProjectDescription description)
{
    private readonly Lock _lock = new();
    private Task<CompiledProject>? _building;

    /// <summary>What it is made of; only its files change while it lives.</summary>
    public ProjectDescription Description { get; private set; } = description;

    /// <summary>The last good compilation, or null before the first build has ended.</summary>
    public CompiledProject? Compiled { get; private set; }

    /// <summary>When somebody last asked for the compilation; larger is later.</summary>
    public long LastAsked { get; private set; }

    /// <summary>Why the last build failed, a sentence for a person; null where it did not.</summary>
    public string? Failure { get; private set; }

    /// <summary>Somebody asked for the compilation.</summary>
    public void Touch() => LastAsked = Environment.TickCount64;

    /// <summary>The one build of the compilation; a second caller joins the first, and one after a failure tries again.</summary>
    public Task<CompiledProject> GetOrBuild(Func<Task<CompiledProject>> build)
    {
        lock (_lock)
        {
            return _building is { IsFaulted: false, IsCanceled: false } ? _building : _building = Run();
        }

        async Task<CompiledProject> Run()
        {
            try
            {
                var compiled = await Task.Run(build).ConfigureAwait(false);
                lock (_lock)
                {
                    Failure = null;
                    return Compiled = compiled;
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                lock (_lock)
                {
                    Failure = $"{Path.GetFileName(Description.Path)} could not be compiled ({exception.Message.ReplaceLineEndings(" ")}); its files are read without their project.";
                }

                throw;
            }
        }
    }

    /// <summary>Puts another tree in the place of a file's, or takes the file out. Nothing happens before the first build, but that a failed one may be tried again.</summary>
    public void Replace(string path, SyntaxTree? tree)
    {
        lock (_lock)
        {
            Failure = null;
            if (Compiled is { } compiled)
            {
                Set(tree is not null ? compiled.WithTree(compiled.FindTree(path), tree).WithCatalog(compiled.Catalog.With(tree, CancellationToken.None)) : compiled.FindTree(path) is { } old ? compiled.WithoutTree(old) : compiled);
            }
        }
    }

    /// <summary>Takes a newer description that differs in its files alone.</summary>
    public void Describe(ProjectDescription description, Func<string, CSharpParseOptions, SyntaxTree?> findTree)
    {
        var known = Description.SourceFiles.ToHashSet(CompiledProject.PathComparer);
        Description = description;
        foreach (var added in description.SourceFiles.Where(path => !known.Remove(path)))
        {
            Replace(added, findTree(added, description.ParseOptions));
        }

        foreach (var gone in known)
        {
            Replace(gone, null);
        }
    }

    /// <summary>Follows a referenced project to its newer compilation.</summary>
    public void Follow(CSharpCompilation old, CSharpCompilation current)
    {
        lock (_lock)
        {
            if (Compiled is { } compiled && compiled.Compilation.References.FirstOrDefault(reference => reference is CompilationReference { Compilation: var referenced } && referenced == old) is { } reference)
            {
                Set(compiled.WithCompilation(compiled.Compilation.ReplaceReference(reference, current.ToMetadataReference())));
            }
        }
    }

    /// <summary>Gives the memory back; the next caller builds anew.</summary>
    public void Drop()
    {
        lock (_lock)
        {
            if (_building is { IsCompleted: true })
            {
                Compiled = null;
                _building = null;
            }
        }
    }

    private void Set(CompiledProject compiled)
    {
        Compiled = compiled;
        _building = Task.FromResult(compiled);
    }
}
