using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GptOss.CodeAssist.CSharpContext.Workspace;

/// <summary>A project of the workspace and its compilation, once somebody needed it.</summary>
internal sealed class ProjectEntry(ProjectDescription description)
{
    private readonly Lock _lock = new();
    private Task<CompiledProject>? _building;

    public ProjectDescription Description { get; } = description;

    /// <summary>The last good compilation, or null before the first build has ended.</summary>
    public CompiledProject? Compiled { get; private set; }

    /// <summary>The one build of the compilation; a second caller joins the first.</summary>
    public Task<CompiledProject> GetOrBuild(Func<Task<CompiledProject>> build)
    {
        lock (_lock)
        {
            return _building is { IsFaulted: false, IsCanceled: false } ? _building : _building = Run();
        }

        async Task<CompiledProject> Run()
        {
            var compiled = await Task.Run(build).ConfigureAwait(false);
            lock (_lock)
            {
                return Compiled = compiled;
            }
        }
    }

    /// <summary>Puts another tree in the place of a file's, or takes the file out. Nothing happens before the first build.</summary>
    public void Replace(string path, SyntaxTree? tree)
    {
        lock (_lock)
        {
            if (Compiled is { } compiled)
            {
                Set(tree is not null ? compiled.WithTree(compiled.FindTree(path), tree).WithCatalog(compiled.Catalog.With(tree, CancellationToken.None)) : compiled.FindTree(path) is { } old ? compiled.WithoutTree(old) : compiled);
            }
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
