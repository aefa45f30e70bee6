namespace GptOss.CodeAssist.Models;

/// <summary>One file of a model.</summary>
/// <param name="Path">Its path in the repository, with '/'.</param>
/// <param name="Bytes">Its length; null while nobody has said it.</param>
/// <param name="Sha256">Its SHA-256 in lower-case hex; null while nobody has said it.</param>
public sealed record ModelFile(string Path, long? Bytes, string? Sha256)
{
    /// <summary>The name without its folders.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];
}
