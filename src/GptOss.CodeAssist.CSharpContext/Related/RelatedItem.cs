namespace GptOss.CodeAssist.CSharpContext.Related;

/// <summary>One piece of related code, in a brief and in a full form.</summary>
public sealed class RelatedItem
{
    private readonly Lazy<string> _full;

    /// <param name="kind">What it is.</param>
    /// <param name="symbol">The type or member it shows, or the file and line.</param>
    /// <param name="path">The file it comes from, or an empty string where it comes from several.</param>
    /// <param name="reason">Why it is here, for a person.</param>
    /// <param name="score">From 1 down to 0; comparable within one answer.</param>
    /// <param name="brief">The names alone.</param>
    /// <param name="full">Makes the form with signatures, when somebody has room for it; null where there is no more to say.</param>
    public RelatedItem(RelatedKind kind, string symbol, string path, string reason, double score, string brief, Func<string>? full = null)
    {
        Kind = kind;
        Symbol = symbol;
        Path = path;
        Reason = reason;
        Score = score;
        Brief = brief;
        _full = full is null ? new Lazy<string>(brief) : new Lazy<string>(full);
    }

    public RelatedKind Kind { get; }

    public string Symbol { get; }

    public string Path { get; }

    public string Reason { get; }

    public double Score { get; }

    public string Brief { get; }

    public string Full => _full.Value;

    /// <summary>What makes two answers' items the same one.</summary>
    public string Key => $"{Kind}:{Symbol}:{Path}";
}
