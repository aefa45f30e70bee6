using System.Collections.Immutable;
using System.Globalization;
using System.IO.Enumeration;
using System.Text;
using GptOss.CodeAssist.CSharpContext.Workspace;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FindSymbols;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Queries;

/// <summary>Questions about a solution that only read: each answer is text of one fact a line, with paths relative to the workspace and 1-based lines.</summary>
/// <remarks>Immutable; sees the solution's documents and what else may be read inside the workspace's folders, so no path leads to another file of the machine.</remarks>
/// <param name="solution">With the texts that the editor shows.</param>
/// <param name="roots">Full paths of the workspace's folders.</param>
/// <param name="openTexts">Texts that the editor shows, of whatever file, by full path.</param>
public sealed class CodeQueries(Solution solution, ImmutableArray<string> roots, IReadOnlyDictionary<string, SourceText>? openTexts = null)
{
    private const int MostSymbols = 8;
    private const long MostBytes = 2_000_000;

    /// <summary>Of a longer line only what is around the match is told: data files have lines of megabytes.</summary>
    private const int MostLineCharacters = 240;

    private readonly WorkspaceFileFilter _filter = new(roots);

    private static readonly SymbolDisplayFormat Signature = SymbolDisplayFormat.CSharpShortErrorMessageFormat
        .WithKindOptions(SymbolDisplayKindOptions.IncludeTypeKeyword)
        .WithMemberOptions(SymbolDisplayMemberOptions.IncludeContainingType | SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeModifiers | SymbolDisplayMemberOptions.IncludeAccessibility)
        .WithParameterOptions(SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeDefaultValue | SymbolDisplayParameterOptions.IncludeParamsRefOut)
        .WithMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    /// <summary>Where a name is declared: <c>Stack</c>, or <c>Stack.Push</c>.</summary>
    public async Task<string> FindSymbolAsync(string name, int limit, CancellationToken cancellationToken)
    {
        var symbols = await FindDeclarationsAsync(name, cancellationToken);
        return Lines(symbols.Select(symbol => $"{symbol.ToDisplayString(Signature)}  {Place(symbol)}"), limit, $"Nothing named {name} is declared in the solution.");
    }

    /// <summary>The declaration's own source text, of every declaration of that name.</summary>
    public async Task<string> ReadSymbolAsync(string name, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        foreach (var symbol in (await FindDeclarationsAsync(name, cancellationToken)).Take(MostSymbols))
        {
            foreach (var reference in symbol.DeclaringSyntaxReferences.Where(reference => IsInside(reference.SyntaxTree.FilePath)))
            {
                var node = await reference.GetSyntaxAsync(cancellationToken);
                text.Append("// ").Append(Place(node.GetLocation())).Append('\n').Append(node.ToFullString().Trim('\r', '\n')).Append('\n');
            }
        }

        return text.Length > 0 ? text.ToString() : $"Nothing named {name} is declared in the solution.";
    }

    /// <summary>Lines of a file, both ends included, each with its number.</summary>
    /// <param name="path">Relative to the workspace, absolute, or just the file's name where it is the only one.</param>
    public async Task<string> ReadRangeAsync(string path, int firstLine, int lastLine, CancellationToken cancellationToken)
    {
        if (await FindTextAsync(path, cancellationToken) is not { } text)
        {
            return $"There is no file {path} in the workspace that may be read.";
        }

        var lines = text.Lines.Skip(Math.Max(0, firstLine - 1)).TakeWhile(line => line.LineNumber < lastLine);
        return Lines(lines.Select(line => string.Create(CultureInfo.InvariantCulture, $"{line.LineNumber + 1}: {line}")), int.MaxValue, $"{path} has {text.Lines.Count} lines.");
    }

    /// <summary>The signatures of a type's members.</summary>
    public async Task<string> ListMembersAsync(string type, CancellationToken cancellationToken)
    {
        var types = (await FindDeclarationsAsync(type, cancellationToken)).OfType<INamedTypeSymbol>();
        var members = types.SelectMany(found => found.GetMembers())
            .Where(member => member is { IsImplicitlyDeclared: false } and not IMethodSymbol { AssociatedSymbol: not null });
        return Lines(members.Select(member => $"{member.ToDisplayString(Signature)}  {Place(member)}"), int.MaxValue, $"No type named {type} is declared in the solution.");
    }

    /// <summary>Every place that uses a symbol, with its line.</summary>
    public async Task<string> FindReferencesAsync(string name, int limit, CancellationToken cancellationToken)
    {
        var places = new List<Location>();
        foreach (var symbol in (await FindDeclarationsAsync(name, cancellationToken)).Take(MostSymbols))
        {
            var found = await SymbolFinder.FindReferencesAsync(symbol, solution, cancellationToken);
            places.AddRange(found.SelectMany(reference => reference.Locations).Where(place => !place.IsImplicit).Select(place => place.Location));
        }

        var lines = places.Where(place => IsInside(place.SourceTree?.FilePath)).Distinct().Select(place => $"{Place(place)}: {LineOf(place, cancellationToken)}");
        return Lines(lines, limit, $"Nothing refers to {name}.");
    }

    /// <summary>The members that call a member.</summary>
    public async Task<string> FindCallersAsync(string name, int limit, CancellationToken cancellationToken)
    {
        var callers = new List<ISymbol>();
        foreach (var symbol in (await FindDeclarationsAsync(name, cancellationToken)).Take(MostSymbols))
        {
            var found = await SymbolFinder.FindCallersAsync(symbol, solution, cancellationToken);
            callers.AddRange(found.Where(caller => caller.IsDirect).Select(caller => caller.CallingSymbol));
        }

        var lines = callers.Distinct(SymbolEqualityComparer.Default).OfType<ISymbol>().Select(caller => $"{caller.ToDisplayString(Signature)}  {Place(caller)}");
        return Lines(lines, limit, $"Nothing calls {name}.");
    }

    /// <summary>The compiler's errors and warnings, of one file or of all.</summary>
    public async Task<string> DiagnosticsAsync(string? path, int limit, CancellationToken cancellationToken)
    {
        var found = new List<Diagnostic>();
        if (path is not null)
        {
            if (FindDocument(path) is not { } document)
            {
                return $"There is no file {path} in the solution.";
            }

            found.AddRange(document is Document code && await code.GetSemanticModelAsync(cancellationToken) is { } model ? model.GetDiagnostics(null, cancellationToken) : []);
        }
        else
        {
            foreach (var project in solution.Projects)
            {
                found.AddRange(await project.GetCompilationAsync(cancellationToken) is { } compilation ? compilation.GetDiagnostics(cancellationToken) : []);
            }
        }

        var lines = found.Where(problem => problem.Severity >= DiagnosticSeverity.Warning && !problem.IsSuppressed && IsInside(problem.Location.SourceTree?.FilePath))
            .OrderByDescending(problem => problem.Severity)
            .Select(problem => $"{Place(problem.Location)}: {problem.Severity.ToString().ToLowerInvariant()} {problem.Id}: {problem.GetMessage(CultureInfo.InvariantCulture)}");
        return Lines(lines.Distinct(), limit, "The compiler has nothing to report.");
    }

    /// <summary>The lines that hold a text, letter case ignored: of the solution's documents first, then of the workspace's other files.</summary>
    /// <param name="files">Which files, by name or path with <c>*</c> and <c>?</c>; null for all.</param>
    public async Task<string> SearchTextAsync(string text, string? files, int limit, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        await foreach (var (path, source) in ReadAllAsync(files, cancellationToken))
        {
            foreach (var line in source.Lines)
            {
                var content = line.ToString();
                var found = content.IndexOf(text, StringComparison.OrdinalIgnoreCase);
                if (found >= 0)
                {
                    lines.Add(string.Create(CultureInfo.InvariantCulture, $"{path}:{line.LineNumber + 1}: {Around(content, found, text.Length)}"));
                    if (lines.Count > limit)
                    {
                        return Lines(lines, limit, "");
                    }
                }
            }
        }

        return Lines(lines, limit, files is null ? $"No line holds \"{text}\"." : $"No line of {files} holds \"{text}\".");
    }

    /// <summary>The workspace's files, the solution's or not.</summary>
    /// <param name="files">Which, by name or path with <c>*</c> and <c>?</c>; null for all.</param>
    public string ListFiles(string? files, int limit, CancellationToken cancellationToken)
    {
        var paths = Documents().Select(document => RelativePath(document.FilePath!)).Concat(_filter.EnumerateFiles(cancellationToken).Select(RelativePath));
        return Lines(paths.Where(path => Fits(path, files)).Distinct(), limit, $"No file is named {files}.");
    }

    /// <summary>The text of a file of the solution, or of one beside it as a readme is; null where there is none that may be read.</summary>
    /// <param name="path">Relative to the workspace, absolute, or just the name of one of the solution's files.</param>
    public async Task<SourceText?> FindTextAsync(string path, CancellationToken cancellationToken)
    {
        if (FindDocument(path) is { } document)
        {
            return await document.GetTextAsync(cancellationToken);
        }

        foreach (var full in roots.Select(root => Path.GetFullPath(Path.Combine(root, path))).Where(IsInside))
        {
            if (await ReadOtherAsync(full, cancellationToken) is { } text)
            {
                return text;
            }
        }

        return null;
    }

    /// <summary>The document of a path; null where there is none, or where a bare name fits several.</summary>
    public TextDocument? FindDocument(string path)
    {
        var wanted = path.Replace('\\', '/').TrimStart('.').TrimStart('/');
        var found = Documents().Concat(solution.Projects.SelectMany(project => project.AdditionalDocuments).Where(document => IsInside(document.FilePath)))
            .Where(document => document.FilePath == path || EndsWithPath(RelativePath(document.FilePath!), wanted))
            .DistinctBy(document => document.FilePath)
            .ToArray();
        return found.FirstOrDefault(document => document.FilePath == path || RelativePath(document.FilePath!) == wanted) ?? (found.Length == 1 ? found[0] : null);
    }

    private static bool EndsWithPath(string path, string end) =>
        path.Equals(end, StringComparison.OrdinalIgnoreCase) || path.EndsWith("/" + end, StringComparison.OrdinalIgnoreCase);

    private async Task<IReadOnlyList<ISymbol>> FindDeclarationsAsync(string name, CancellationToken cancellationToken)
    {
        var parts = name.Split('.', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length == 0)
        {
            return [];
        }

        var last = parts[^1].Split('(', '<')[0];
        var found = await SymbolFinder.FindSourceDeclarationsAsync(solution, candidate => candidate.Equals(last, StringComparison.OrdinalIgnoreCase), cancellationToken);
        return [.. found
            .Where(symbol => parts.Length == 1 || symbol.ContainingSymbol?.Name.Equals(parts[^2].Split('<')[0], StringComparison.OrdinalIgnoreCase) == true)
            .Where(symbol => symbol.Locations.Any(place => IsInside(place.SourceTree?.FilePath)))
            .OrderByDescending(symbol => symbol.Name == last)
            .ThenBy(Place, StringComparer.Ordinal)
            .DistinctBy(symbol => (Place(symbol), symbol.ToDisplayString(Signature)))];
    }

    private async IAsyncEnumerable<(string Path, SourceText Text)> ReadAllAsync(string? files, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var known = new HashSet<string>(CompiledProject.PathComparer);
        foreach (var document in Documents().Where(document => known.Add(document.FilePath!) && Fits(RelativePath(document.FilePath!), files)))
        {
            yield return (RelativePath(document.FilePath!), await document.GetTextAsync(cancellationToken));
        }

        foreach (var path in _filter.EnumerateFiles(cancellationToken).Where(path => !known.Contains(path) && Fits(RelativePath(path), files)))
        {
            if (await ReadOtherAsync(path, cancellationToken) is { } text)
            {
                yield return (RelativePath(path), text);
            }
        }
    }

    /// <summary>The text of a file inside the roots that is not the solution's; null where it is none, or may not be read.</summary>
    private async Task<SourceText?> ReadOtherAsync(string full, CancellationToken cancellationToken)
    {
        if (!_filter.MayRead(full))
        {
            return null;
        }

        if (openTexts?.GetValueOrDefault(full) is { } open)
        {
            return open;
        }

        try
        {
            if (new FileInfo(full) is not { Exists: true, Length: <= MostBytes })
            {
                return null;
            }

            var bytes = await File.ReadAllBytesAsync(full, cancellationToken);
            return bytes.Contains((byte)0) ? null : SourceText.From(bytes, bytes.Length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool Fits(string path, string? files) => files is null
        || FileSystemName.MatchesSimpleExpression(files, path)
        || FileSystemName.MatchesSimpleExpression(files, Path.GetFileName(path))
        || FileSystemName.MatchesSimpleExpression("*/" + files, path);

    private static string Around(string line, int start, int length)
    {
        var trimmed = line.Trim();
        if (trimmed.Length <= MostLineCharacters)
        {
            return trimmed;
        }

        var from = Math.Max(0, Math.Min(start + (length / 2) - (MostLineCharacters / 2), line.Length - MostLineCharacters));
        return $"{(from > 0 ? "…" : "")}{line.AsSpan(from, Math.Min(MostLineCharacters, line.Length - from))}{(from + MostLineCharacters < line.Length ? "…" : "")}";
    }

    private IEnumerable<TextDocument> Documents() => solution.Projects.SelectMany(project => project.Documents).Where(document => IsInside(document.FilePath));

    private bool IsInside(string? path) => path is not null && roots.Any(root => IsUnder(root, path));

    private static bool IsUnder(string root, string path)
    {
        var relative = Path.GetRelativePath(root, path);
        return relative != path && relative != ".." && !relative.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }

    private string RelativePath(string path) =>
        roots.FirstOrDefault(root => IsUnder(root, path)) is { } root ? Path.GetRelativePath(root, path).Replace('\\', '/') : Path.GetFileName(path);

    private string Place(ISymbol symbol) => symbol.Locations.FirstOrDefault(place => IsInside(place.SourceTree?.FilePath)) is { } place ? Place(place) : "";

    private string Place(Location location) =>
        string.Create(CultureInfo.InvariantCulture, $"{RelativePath(location.SourceTree!.FilePath)}:{location.GetLineSpan().StartLinePosition.Line + 1}");

    private static string LineOf(Location location, CancellationToken cancellationToken) =>
        location.SourceTree!.GetText(cancellationToken).Lines.GetLineFromPosition(location.SourceSpan.Start).ToString().Trim();

    private static string Lines(IEnumerable<string> lines, int limit, string whenEmpty)
    {
        var taken = lines.Take(limit == int.MaxValue ? limit : limit + 1).ToList();
        if (taken.Count > limit)
        {
            taken[limit] = $"... more than {limit}; ask for less.";
        }

        return taken.Count > 0 ? string.Join('\n', taken) : whenEmpty;
    }
}
