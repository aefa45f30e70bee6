using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace GptOss.CodeAssist.Models;

/// <summary>Where a model comes from: files of one revision of one repository.</summary>
/// <param name="Name">What a person calls it: a known model's short name, else <c>OWNER/REPO:FILE</c>.</param>
/// <param name="Repository"><c>OWNER/REPO</c>.</param>
/// <param name="Revision">A commit, a tag or a branch.</param>
/// <param name="Files">Every file, the one that is loaded first.</param>
public sealed partial record ModelSource(string Name, string Repository, string Revision, ImmutableArray<ModelFile> Files)
{
    private const string DefaultRevision = "main";

    /// <summary>Reads what a person wrote: a known name, or <c>OWNER/REPO:FILE.gguf</c>, where any part of a split model stands for all, with <c>@REVISION</c> behind it or not.</summary>
    /// <exception cref="ModelException">It is neither.</exception>
    public static ModelSource Parse(string text)
    {
        if (KnownModels.Find(text) is { } known)
        {
            return known;
        }

        var match = Reference().Match(text);
        if (!match.Success || match.Groups["file"].Value.Split('/').Any(folder => folder is "." or ".."))
        {
            throw new ModelException(
                $"'{text}' names no model. Say one of {string.Join(", ", KnownModels.All.Select(model => model.Name))}, or OWNER/REPO:FILE.gguf for a file on the Hub, with @REVISION behind it to pin one.");
        }

        var (repository, file) = (match.Groups["repository"].Value, match.Groups["file"].Value);
        var parts = PartsOf(file);
        var revision = match.Groups["revision"] is { Success: true, Value: var wanted } ? wanted : DefaultRevision;
        return new ModelSource($"{repository}:{parts[0]}", repository, revision, [.. parts.Select(part => new ModelFile(part, null, null))]);
    }

    /// <summary>All parts of a split model, by the names that llama.cpp gives them; the file itself where it is whole.</summary>
    private static IEnumerable<string> Parts(string file, Match part)
    {
        var count = int.Parse(part.Groups["count"].Value, CultureInfo.InvariantCulture);
        return Enumerable.Range(1, count).Select(number => string.Create(CultureInfo.InvariantCulture, $"{file[..part.Index]}-{number:D5}-of-{count:D5}.gguf"));
    }

    private static ImmutableArray<string> PartsOf(string file) => SplitSuffix().Match(file) is { Success: true } part && int.Parse(part.Groups["count"].Value, CultureInfo.InvariantCulture) is > 0 and <= 999
        ? [.. Parts(file, part)]
        : [file];

    // Names that are safe as paths on every system, and in a URL without escapes.
    [GeneratedRegex(@"^(?<repository>[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*):(?<file>(?:[A-Za-z0-9_][\w.+-]*/)*[A-Za-z0-9_][\w.+-]*\.gguf)(?:@(?<revision>[A-Za-z0-9][\w.-]*))?$", RegexOptions.CultureInvariant | RegexOptions.ECMAScript)]
    private static partial Regex Reference();

    [GeneratedRegex(@"-\d{5}-of-(?<count>\d{5})\.gguf$", RegexOptions.CultureInvariant)]
    private static partial Regex SplitSuffix();
}
