using System.Collections.Immutable;
using GptOss.CodeAssist.CSharpContext;
using GptOss.CodeAssist.CSharpContext.Related;
using GptOss.CodeAssist.Inference;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>
/// The related code that is told of each document: found once for each member that a caret comes to, beside the request, and kept
/// while the caret stays there, so that a keystroke finds it ready and the prompt's beginning stays what it was.
/// </summary>
/// <remarks>May be called from any thread.</remarks>
internal sealed class RelatedContexts(IInferenceEngine engine, ICompletionWorkspace workspace, TimeProvider time)
{
    /// <summary>Tokens are estimated item by item, on the safe side, and counted once.</summary>
    private const double CharactersPerToken = 3;

    private const int MaxOutlines = 8;
    private const int MaxDocuments = 32;
    private const int MaxLinesAbove = 200;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Told> _told = new(StringComparer.Ordinal);

    /// <summary>What to tell at a caret.</summary>
    /// <param name="snapshot">Names the file and its language.</param>
    /// <param name="document">The document parsed; null where it is not C#.</param>
    /// <param name="site">The caret.</param>
    /// <param name="budget">Most tokens.</param>
    /// <param name="style">The model's, which decides what it can make use of.</param>
    /// <param name="patience">How long to wait for a search that has just begun; after it, what was told before is told again.</param>
    public async ValueTask<RelatedContext> TakeAsync(DocumentSnapshot snapshot, CSharpDocument? document, CaretSite site, int budget, PromptStyle style, TimeSpan patience, CancellationToken cancellationToken)
    {
        var place = $"{budget}:{(document is null ? PlaceOf(site) : PlaceOf(document, site.Offset, cancellationToken))}";
        Task<Told> search;
        RelatedContext before;
        lock (_lock)
        {
            var told = _told.GetValueOrDefault(snapshot.Path) ?? new Told();
            if (told.Place == place && told.IsComplete)
            {
                return told.Context;
            }

            before = told.Context;
            search = told.Search is { IsCompleted: false } running ? running : Task.Run(() => SearchAsync(snapshot with { Text = site.Text }, document, site.Offset, budget, style, place, told), CancellationToken.None);
            Remember(snapshot.Path, told with { Search = search });
        }

        if (patience <= TimeSpan.Zero && !search.IsCompleted)
        {
            return before;
        }

        await Task.WhenAny(search, Task.Delay(patience, time, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        return search.IsCompletedSuccessfully ? (await search).Context : before;
    }

    private async Task<Told> SearchAsync(DocumentSnapshot snapshot, CSharpDocument? document, int caret, int budget, PromptStyle style, string place, Told before)
    {
        var related = document is null
            ? await workspace.FindRelatedTextAsync(snapshot, caret, ContextDeadline.Patient, CancellationToken.None)
            : await workspace.FindRelatedAsync(document, caret, ContextDeadline.Patient, CancellationToken.None);
        if (related.SkippedBecause is not null)
        {
            // It holds for this caret alone: the next one in the member asks again, and the prompt's beginning stays what it was.
            return before;
        }

        var fitted = style == PromptStyle.Harmony ? related.Fit(budget, Estimate, before.Fitted) : FitOutlines(related, budget);
        var text = fitted.Items.IsEmpty ? "" : fitted.Text;
        var context = text.Length == 0 ? RelatedContext.None : new RelatedContext(text, await engine.CountTokensAsync(text, CancellationToken.None));
        var told = new Told { Place = place, Fitted = fitted, Context = context, IsComplete = related.IsComplete };
        lock (_lock)
        {
            Remember(snapshot.Path, told);
        }

        return told;
    }

    /// <summary>The nearest types in full: what models for filling in were trained with, and all that they can use.</summary>
    private static FittedContext FitOutlines(RelatedCode related, int budget)
    {
        var (fitted, used) = (ImmutableArray.CreateBuilder<FittedItem>(), 0);
        foreach (var item in related.Items.Where(item => item.Kind == RelatedKind.TypeOutline).Take(MaxOutlines))
        {
            var text = used + Estimate(item.Full) <= budget ? item.Full : item.Brief;
            if (used + Estimate(text) <= budget)
            {
                fitted.Add(new FittedItem(item, text, Estimate(text)));
                used += Estimate(text);
            }
        }

        return new FittedContext(fitted.ToImmutable(), used, []) { Scope = related.Scope };
    }

    private static int Estimate(string text) => (int)Math.Ceiling(text.Length / CharactersPerToken) + 1;

    /// <remarks>Call with the lock held.</remarks>
    private void Remember(string path, Told told)
    {
        if (_told.Count >= MaxDocuments && !_told.ContainsKey(path))
        {
            _told.Clear();
        }

        _told[path] = told;
    }

    /// <summary>The member whose body or value the caret stands in, by its header's first line; the type where it stands between members, or in a header, which another word makes another one.</summary>
    private static string PlaceOf(CSharpDocument document, int caret, CancellationToken cancellationToken)
    {
        var root = document.Tree.GetRoot(cancellationToken);
        var token = root.FindToken(Math.Min(Math.Max(0, caret - 1), root.FullSpan.End));
        var declaration = token.Parent?.AncestorsAndSelf().OfType<MemberDeclarationSyntax>().FirstOrDefault(member => FindInside(member) is { } inside && inside.SpanStart < caret);
        return declaration is null ? "" : document.Text.Lines.GetLineFromPosition(declaration.SpanStart).ToString().Trim();

        static SyntaxNodeOrToken? FindInside(MemberDeclarationSyntax member) => member switch
        {
            BaseMethodDeclarationSyntax { Body: { } body } => body,
            BaseMethodDeclarationSyntax { ExpressionBody: { } value } => value,
            BasePropertyDeclarationSyntax { AccessorList: { } accessors } => accessors,
            PropertyDeclarationSyntax { ExpressionBody: { } value } => value,
            IndexerDeclarationSyntax { ExpressionBody: { } value } => value,
            BaseFieldDeclarationSyntax field => field.Declaration.Variables.Select(variable => variable.Initializer).FirstOrDefault(value => value is not null),
            BaseTypeDeclarationSyntax { OpenBraceToken: { IsMissing: false } brace } when !brace.IsKind(SyntaxKind.None) => brace,
            NamespaceDeclarationSyntax space => space.OpenBraceToken,
            FileScopedNamespaceDeclarationSyntax space => space.SemicolonToken,
            _ => null,
        };
    }

    /// <summary>The same by indentation, as most languages are written: the nearest line above that stands further left, or the paragraph's first.</summary>
    private static string PlaceOf(CaretSite site)
    {
        var lines = site.Text.Lines;
        var number = lines.GetLineFromPosition(site.Offset).LineNumber;
        var own = IndentationOf(lines[number].ToString());
        var nearest = "";
        for (var above = number - 1; above >= Math.Max(0, number - MaxLinesAbove); above--)
        {
            var line = lines[above].ToString();
            if (string.IsNullOrWhiteSpace(line))
            {
                if (own == 0 && nearest.Length > 0)
                {
                    break;
                }

                continue;
            }

            nearest = line.Trim();
            if (own > 0 && IndentationOf(line) < own)
            {
                break;
            }
        }

        return nearest;

        static int IndentationOf(string line) => line.Length - line.TrimStart().Length;
    }

    private sealed record Told
    {
        public string? Place { get; init; }

        public FittedContext? Fitted { get; init; }

        public RelatedContext Context { get; init; } = RelatedContext.None;

        public bool IsComplete { get; init; }

        public Task<Told>? Search { get; init; }
    }
}
