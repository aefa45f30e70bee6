using System.Collections.Immutable;
using System.Globalization;
using GptOss.CodeAssist.CSharpContext;
using GptOss.CodeAssist.CSharpContext.Edits;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Assistant.CodeActions;

/// <summary>What the compiler says of the document that actions are listed for, found out in the background: binding a file takes longer than a menu may.</summary>
/// <remarks>May be called from any thread. One document is looked at at a time, and only once a person pauses: a newer text ends the look at the older one.</remarks>
internal sealed class CompilerProblems(ILogger logger)
{
    /// <summary>A person who types faster is not at a place yet.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private readonly Lock _lock = new();
    private CSharpDocument? _wanted;
    private ImmutableArray<CodeProblem>? _found;
    private Action _stopLooking = () => { };

    /// <summary>The errors and warnings of the whole document, errors first; null while they are not known for just this text, which then begins to be looked at. Never waits.</summary>
    public ImmutableArray<CodeProblem>? Find(CSharpDocument document)
    {
        if (document.Project is null)
        {
            return null;
        }

        lock (_lock)
        {
            if (_wanted is { } known && known.Path == document.Path && known.Text == document.Text && known.Project!.Compilation == document.Project.Compilation)
            {
                return _found;
            }

            _stopLooking();
            (_wanted, _found) = (document, null);
            _ = LookAsync(document);
            return null;
        }
    }

    /// <summary>The compiler's first error or warning that touches a span; null where there is none. Takes its time.</summary>
    public static async Task<CodeProblem?> FindFirstAsync(ActionSite site, TextSpan span, CancellationToken cancellationToken) =>
        site.IsCompiled && await site.Document.GetSemanticModelAsync(cancellationToken) is { } model
            ? Of(model, cancellationToken).FirstOrDefault(problem => problem.Span.IntersectsWith(span))
            : null;

    /// <summary>The same of the analyzers. Takes seconds at its first use.</summary>
    public static async Task<CodeProblem?> FindFirstOfAnalyzersAsync(ActionSite site, TextSpan span, CancellationToken cancellationToken) =>
        site.IsCompiled ? Of(await AnalyzerCheck.FindAsync(site.Document, span, site.Analyzers, cancellationToken)).FirstOrDefault() : null;

    private static IEnumerable<CodeProblem> Of(SemanticModel model, CancellationToken cancellationToken) => Of(model.GetDiagnostics(null, cancellationToken));

    private static IEnumerable<CodeProblem> Of(IEnumerable<Diagnostic> diagnostics) => diagnostics
        .Where(found => found.Severity >= DiagnosticSeverity.Warning && !found.IsSuppressed)
        .OrderByDescending(found => found.Severity)
        .Select(found => new CodeProblem(found.Id, found.GetMessage(CultureInfo.InvariantCulture), found.Location.SourceSpan));

    /// <summary>Called with the lock held.</summary>
    private async Task LookAsync(CSharpDocument document)
    {
        using var stop = new CancellationTokenSource();
        _stopLooking = stop.Cancel;
        try
        {
            await Task.Delay(Pause, stop.Token);
            var found = Of(document.Model!, stop.Token).ToImmutableArray();
            Finish(found);
        }
        catch (OperationCanceledException)
        {
            // A newer text is looked at.
        }
#pragma warning disable CA1031 // Nobody waits for this; what the compiler stumbles over must not end the process, and its problems are looked for again when an action is taken.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            logger.LogWarning(failure, "The problems of {Path} could not be found out", document.Path);
            Finish(null);
        }

        void Finish(ImmutableArray<CodeProblem>? found)
        {
            lock (_lock)
            {
                if (_wanted == document)
                {
                    (_found, _stopLooking) = (found, () => { });
                }
            }
        }
    }
}
