namespace GptOss.CodeAssist.CSharpContext.Related;

/// <summary>One piece of related code, in a short and in a full form.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Symbol">The type or member it shows, or the file and line.</param>
/// <param name="Path">The file it comes from, or an empty string where it comes from several.</param>
/// <param name="Reason">Why it is here, for a person.</param>
/// <param name="Score">From 1 down to 0; comparable within one answer.</param>
/// <param name="Brief">The names alone.</param>
/// <param name="Full">Signatures or code; equal to <paramref name="Brief"/> where there is no more to say.</param>
public sealed record RelatedItem(RelatedKind Kind, string Symbol, string Path, string Reason, double Score, string Brief, string Full)
{
    /// <summary>What makes two answers' items the same one.</summary>
    public string Key => $"{Kind}:{Symbol}:{Path}";
}
