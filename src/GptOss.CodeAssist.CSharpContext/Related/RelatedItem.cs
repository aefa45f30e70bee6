using System.Collections.Immutable;

namespace GptOss.CodeAssist.CSharpContext.Related;

/// <summary>One piece of related code, which may be told in few words or in many.</summary>
public sealed class RelatedItem
{
    private readonly Lazy<string> _full;

    /// <summary>A piece of code that is told whole or not at all.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="symbol">The type or member it shows, or the file and line.</param>
    /// <param name="path">The file it comes from, or an empty string where it comes from several.</param>
    /// <param name="reason">Why it is here, for a person.</param>
    /// <param name="score">From 1 down to 0; comparable within one answer.</param>
    /// <param name="text">The code.</param>
    public RelatedItem(RelatedKind kind, string symbol, string path, string reason, double score, string text)
        : this(kind, symbol, path, reason, score, text, [], null)
    {
    }

    /// <summary>A list of names, of which the first few may be told without the others.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="symbol">The type or member it shows, or the file and line.</param>
    /// <param name="path">The file it comes from, or an empty string where it comes from several.</param>
    /// <param name="reason">Why it is here, for a person.</param>
    /// <param name="score">From 1 down to 0; comparable within one answer.</param>
    /// <param name="header">What stands before the names.</param>
    /// <param name="names">The names, most wanted first.</param>
    /// <param name="full">Makes the form with signatures, when somebody has room for it; null where there is none.</param>
    public RelatedItem(RelatedKind kind, string symbol, string path, string reason, double score, string header, ImmutableArray<string> names, Func<string>? full)
    {
        Kind = kind;
        Symbol = symbol;
        Path = path;
        Reason = reason;
        Score = score;
        Header = header;
        Names = names;
        HasSignatures = full is not null;
        _full = new Lazy<string>(full ?? (() => Brief));
    }

    public RelatedKind Kind { get; }

    public string Symbol { get; }

    public string Path { get; }

    public string Reason { get; }

    public double Score { get; }

    /// <summary>What stands before the names; all of it where there are none.</summary>
    public string Header { get; }

    /// <summary>The names, most wanted first.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>Whether <see cref="Full"/> says more than <see cref="Brief"/>.</summary>
    public bool HasSignatures { get; }

    /// <summary>With all names and no signature.</summary>
    public string Brief => Write(Names);

    /// <summary>With signatures.</summary>
    public string Full => _full.Value;

    /// <summary>What makes two answers' items the same one.</summary>
    public string Key => $"{Kind}:{Symbol}:{Path}";

    /// <summary>The form with some of the names.</summary>
    public string Write(IReadOnlyCollection<string> names) => (names.Count, Kind) switch
    {
        (0, _) => Header,
        (_, RelatedKind.Vocabulary or RelatedKind.ConfigurationKeys) => $"{Header} {string.Join(", ", names)}",
        _ => $"{Header} {{ {string.Join(", ", names)} }}",
    };
}
