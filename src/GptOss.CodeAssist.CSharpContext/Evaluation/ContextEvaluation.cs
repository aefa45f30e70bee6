using System.Diagnostics;
using GptOss.CodeAssist.CSharpContext.Related;
using GptOss.CodeAssist.CSharpContext.Workspace;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.CSharpContext.Evaluation;

/// <summary>Measures context and gate on a real repository, without a model: takes real code out and looks whether what it needs comes back.</summary>
/// <remarks>Every hole is put into the editor's text before anything is asked, so that no source sees the answer.</remarks>
public sealed class ContextEvaluation(ContextEvaluationOptions options, ILogger logger)
{
    private const int Keystrokes = 4;

    private readonly List<double> _latencies = [];
    private readonly List<double> _cold = [];
    private readonly List<double> _fitting = [];
    private readonly List<double> _prefixes = [];
    private readonly Dictionary<string, List<double>> _sources = [];
    private readonly HashSet<Hole> _tried = [];

    public async Task<ContextEvaluationReport> RunAsync(CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var workspace = CSharpWorkspace.Open([options.Folder], new CSharpWorkspaceOptions(), logger);
        await using (workspace.ConfigureAwait(false))
        {
            await workspace.Loaded.WaitAsync(cancellationToken).ConfigureAwait(false);
            var loaded = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            await workspace.Indexed.WaitAsync(cancellationToken).ConfigureAwait(false);
            var indexed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            var random = new Random(options.Seed);
            var gate = new GateEvaluation(new Random(options.Seed));
            var caret = new CaretEvaluation(new Random(options.Seed));
            var finder = new RelatedCodeFinder(workspace);
            var statements = new RecallCounter();
            var bodies = new RecallCounter();
            var paths = Shuffled(workspace, random);
            foreach (var path in paths)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (statements.Needing >= options.Samples && bodies.Needing >= options.Samples)
                {
                    break;
                }

                if (await workspace.PrepareDocumentAsync(path, cancellationToken).ConfigureAwait(false) is not { CompiledTree: not null } original)
                {
                    continue;
                }

                foreach (var hole in HoleSampler.Choose(original, _tried, random, cancellationToken))
                {
                    var counter = hole.IsBody ? bodies : statements;
                    if (counter.Needing < options.Samples)
                    {
                        await TryAsync(workspace, finder, gate, caret, original, hole, counter, cancellationToken).ConfigureAwait(false);
                        Close(workspace, original);
                    }
                }
            }

            GC.Collect();
            var memory = Environment.WorkingSet / 1e6;
            await CheckTextsAsync(workspace, gate, paths, random, cancellationToken).ConfigureAwait(false);
            return new ContextEvaluationReport(
                statements.Recall, bodies.Recall, statements.Tried, statements.Needing, bodies.Tried, bodies.Needing,
                Percentiles.Of(_latencies), Percentiles.Of(_cold), Percentiles.Of(_fitting), _sources.ToDictionary(source => source.Key, source => Percentiles.Of(source.Value)), _prefixes.DefaultIfEmpty(100).Average(), gate.Report, caret.Report, loaded, indexed, memory,
                workspace.Projects.SelectMany(project => project.SourceFiles).Distinct().Sum(path => workspace.FindText(path)?.Lines.Count ?? 0), workspace.Degradations);
        }
    }

    /// <summary>Files by project, so that few compilations live at a time; projects and files in random order.</summary>
    private static string[] Shuffled(CSharpWorkspace workspace, Random random)
    {
        var files = workspace.Projects.SelectMany(project => project.SourceFiles).Distinct().Where(path => !path.Contains(".g.", StringComparison.Ordinal) && !path.Contains(".Designer.", StringComparison.Ordinal)).ToArray();
        random.Shuffle(files);
        return files;
    }

    private async Task TryAsync(CSharpWorkspace workspace, RelatedCodeFinder finder, GateEvaluation gate, CaretEvaluation caret, CSharpDocument original, Hole hole, RecallCounter counter, CancellationToken cancellationToken)
    {
        counter.Tried++;
        _tried.Add(hole);
        if (await MakeHoleAsync(workspace, original, hole, cancellationToken).ConfigureAwait(false) is not { } holed)
        {
            return;
        }

        var holedText = holed.Text;

        if (_cold.Count == 0)
        {
            // The server goes through it once when a project is ready, so that no keystroke waits for .NET to compile it.
            await finder.WarmUpAsync(original, 0, cancellationToken).ConfigureAwait(false);
            await finder.FindAsync(original, 0, ContextDeadline.Keystroke, cancellationToken).ConfigureAwait(false);
        }

        // Where a caret lands by a jump, nothing is ready: this is asked before anything else looks at the place.
        await FindTimedAsync(holed, finder, hole.Span.Start, _cold, cancellationToken).ConfigureAwait(false);
        var needed = HoleSampler.NeededNames(original, hole, cancellationToken);

        // A person comes to a place by way of the line before it; what the keystrokes there have found is still warm.
        var lineBefore = holedText.Lines[Math.Max(0, holedText.Lines.GetLineFromPosition(hole.Span.Start).LineNumber - 1)];
        await finder.WarmUpAsync(holed, lineBefore.End, cancellationToken).ConfigureAwait(false);
        await finder.Settled.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (gate.Try(original, holed, hole, cancellationToken))
        {
            caret.Try(original, holed, hole, cancellationToken);
        }

        if (needed.Count == 0)
        {
            return;
        }

        counter.Needing++;
        var related = await FindTypedAsync(workspace, finder, holedText, original.Path, hole.Span.Start, cancellationToken).ConfigureAwait(false);
        foreach (var budget in ContextEvaluationOptions.Budgets)
        {
            var names = new HashSet<string>(SyntaxFactory.ParseTokens(related.Fit(budget, options.CountTokens).Text.Replace("//", " ", StringComparison.Ordinal).Replace("/*", " ", StringComparison.Ordinal).Replace("*/", " ", StringComparison.Ordinal))
                .Select(token => token.ValueText), StringComparer.Ordinal);
            counter.Add(budget, needed.Count(names.Contains), needed.Count);
            if (budget == 2048 && options.Misses is { } misses)
            {
                foreach (var miss in needed.Where(name => !names.Contains(name)))
                {
                    await misses.WriteLineAsync($"{(hole.IsBody ? "body" : "statement")} {miss} {hole.Path}:{original.Text.Lines.GetLineFromPosition(hole.Span.Start).LineNumber + 1} {(related.IsComplete ? "" : "late")}").ConfigureAwait(false);
                }
            }
        }

        var before = related.Fit(2048, options.CountTokens);
        for (var typed = 1; typed <= Keystrokes && typed <= hole.Span.Length; typed++)
        {
            var text = original.Text.WithChanges(new TextChange(TextSpan.FromBounds(hole.Span.Start + typed, hole.Span.End), string.Empty));
            workspace.SetText(original.Path, text);
            var next = await FindTypedAsync(workspace, finder, text, original.Path, hole.Span.Start + typed, cancellationToken).ConfigureAwait(false);
            var start = Stopwatch.GetTimestamp();
            var after = next.Fit(2048, options.CountTokens, before);
            _fitting.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            var common = before.Text.AsSpan().CommonPrefixLength(after.Text);
            _prefixes.Add(after.Text.Length == 0 ? 100 : 100.0 * common / after.Text.Length);
            before = after;
        }
    }

    private static async Task<CSharpDocument?> MakeHoleAsync(CSharpWorkspace workspace, CSharpDocument original, Hole hole, CancellationToken cancellationToken)
    {
        workspace.SetText(original.Path, original.Text.WithChanges(new TextChange(hole.Span, string.Empty)));
        return await workspace.PrepareDocumentAsync(original.Path, cancellationToken).ConfigureAwait(false);
    }

    private static void Close(CSharpWorkspace workspace, CSharpDocument original)
    {
        workspace.SetText(original.Path, original.Text);
        workspace.Close(original.Path);
    }

    /// <summary>Goes through the files again, for the gate alone, until it has seen as many texts as were asked for, or all.</summary>
    private async Task CheckTextsAsync(CSharpWorkspace workspace, GateEvaluation gate, string[] paths, Random random, CancellationToken cancellationToken)
    {
        for (var isNew = true; isNew && gate.Checked < options.Texts;)
        {
            isNew = false;
            foreach (var path in paths)
            {
                if (await workspace.PrepareDocumentAsync(path, cancellationToken).ConfigureAwait(false) is not { CompiledTree: not null } original)
                {
                    continue;
                }

                foreach (var hole in HoleSampler.Choose(original, _tried, random, cancellationToken))
                {
                    _tried.Add(hole);
                    isNew = true;
                    if (gate.Checked < options.Texts && await MakeHoleAsync(workspace, original, hole, cancellationToken).ConfigureAwait(false) is { } holed)
                    {
                        gate.Try(original, holed, hole, cancellationToken);
                        Close(workspace, original);
                    }
                }
            }
        }
    }

    private async Task<RelatedCode> FindTypedAsync(CSharpWorkspace workspace, RelatedCodeFinder finder, SourceText text, string path, int caret, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var document = workspace.FindDocument(path, text)!;
        var parsing = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        var related = await FindTimedAsync(document, finder, caret, _latencies, cancellationToken).ConfigureAwait(false);
        _latencies[^1] += parsing;
        foreach (var source in related.Sources)
        {
            if (!_sources.TryGetValue(source.Source, out var times))
            {
                _sources[source.Source] = times = [];
            }

            times.Add(source.Milliseconds);
        }

        return related;
    }

    private static async Task<RelatedCode> FindTimedAsync(CSharpDocument document, RelatedCodeFinder finder, int caret, List<double> times, CancellationToken cancellationToken)
    {
        // Between two keystrokes is time enough for what the one before left to the background.
        await finder.Settled.WaitAsync(cancellationToken).ConfigureAwait(false);
        var start = Stopwatch.GetTimestamp();
        var related = await finder.FindAsync(document, caret, ContextDeadline.Keystroke, cancellationToken).ConfigureAwait(false);
        times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        return related;
    }

    private sealed class RecallCounter
    {
        private readonly Dictionary<int, (int Found, int Wanted)> _counts = [];

        public int Tried { get; set; }

        public int Needing { get; set; }

        public IReadOnlyDictionary<int, double> Recall => _counts.ToDictionary(entry => entry.Key, entry => GateEvaluation.Percent(entry.Value.Found, entry.Value.Wanted));

        public void Add(int budget, int found, int wanted)
        {
            var (oldFound, oldWanted) = _counts.GetValueOrDefault(budget);
            _counts[budget] = (oldFound + found, oldWanted + wanted);
        }
    }
}
