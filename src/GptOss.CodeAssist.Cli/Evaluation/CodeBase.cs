using System.Text;
using GptOss.CodeAssist.Assistant;
using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.CSharpContext;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Cli.Evaluation;

/// <summary>A repository opened as an editor opens it, in which pieces of code are taken out and put back.</summary>
/// <remarks>Names from packages that are not there do not bind; figures compare with the file as it was.</remarks>
internal sealed class CodeBase : IAsyncDisposable
{
    /// <summary>Longer files are generated ones.</summary>
    private const long MaxFileBytes = 500_000;

    private static readonly string[] BuildFolders = ["bin", "obj", "node_modules"];

    private readonly CSharpWorkspaces _workspaces;

    public CodeBase(string folder, ILogger logger, TimeProvider time)
    {
        _workspaces = new CSharpWorkspaces(_ => folder, logger, time);
        Files = [.. Directory.EnumerateFiles(folder, "*.cs", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })
            .Where(path => !Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar).Any(BuildFolders.Contains) && new FileInfo(path).Length <= MaxFileBytes)
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>Full paths, in their order.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>What completion sees of the repository.</summary>
    public ICompletionWorkspace Workspace => _workspaces;

    /// <summary>A file as it is on disk.</summary>
    public static SourceText Read(string path)
    {
        using var stream = File.OpenRead(path);
        return SourceText.From(stream, Encoding.UTF8);
    }

    /// <summary>The project around a hole with the file whole.</summary>
    public Task<CompiledProject?> OpenAsync(HeldOut hole, CancellationToken cancellationToken) => CompileAsync(Snapshot(hole, hole.Original), cancellationToken);

    /// <summary>Takes the piece out, so that no compiled file holds it any more, as a person has never written it.</summary>
    public Task TakeOutAsync(HeldOut hole, CancellationToken cancellationToken) => CompileAsync(Snapshot(hole, hole.Text), cancellationToken);

    /// <summary>Puts the piece back.</summary>
    public void Close(HeldOut hole) => _workspaces.FindProject(Snapshot(hole, hole.Original));

    public static DocumentSnapshot Snapshot(HeldOut hole, SourceText text) => new(hole.Path, "csharp", 1, text);

    /// <summary>Errors that a changed file has and its original had not.</summary>
    /// <param name="original">The project with the file whole; null where there is none, so that only syntax can be judged.</param>
    /// <param name="inserted">What was inserted. Names are looked at in it alone: a declaration that got another name than its users know is no fault of the completion.</param>
    public static NewErrors FindNewErrors(CompiledProject? original, HeldOut hole, SourceText changed, TextSpan inserted, CancellationToken cancellationToken)
    {
        var known = original?.FindTree(hole.Path);
        var before = known ?? CSharpSyntaxTree.ParseText(hole.Original, cancellationToken: cancellationToken);
        var after = before.WithChangedText(changed);
        var syntax = ErrorsOf(after.GetDiagnostics(cancellationToken));
        if (syntax.Count > ErrorsOf(before.GetDiagnostics(cancellationToken)).Count)
        {
            return new NewErrors(Parses: false, Binds: false, Describe(syntax));
        }

        if (original is null || known is null)
        {
            return new NewErrors(Parses: true, Binds: true, "");
        }

        var had = ErrorsOf(original.Compilation.GetSemanticModel(known).GetDiagnostics(hole.Span, cancellationToken));
        var has = ErrorsOf(original.Compilation.ReplaceSyntaxTree(known, after).GetSemanticModel(after).GetDiagnostics(inserted, cancellationToken));
        return has.Count <= had.Count ? new NewErrors(Parses: true, Binds: true, "") : new NewErrors(Parses: true, Binds: false, Describe(has));
    }

    public ValueTask DisposeAsync() => _workspaces.DisposeAsync();

    private async Task<CompiledProject?> CompileAsync(DocumentSnapshot document, CancellationToken cancellationToken)
    {
        _workspaces.FindProject(document);
        await _workspaces.PrepareAsync(document, cancellationToken);
        return _workspaces.FindProject(document);
    }

    private static List<Diagnostic> ErrorsOf(IEnumerable<Diagnostic> diagnostics) => [.. diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];

    private static string Describe(List<Diagnostic> errors) => string.Join(' ', errors.Select(error => error.Id).Distinct().Order(StringComparer.Ordinal));
}
