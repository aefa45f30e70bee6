namespace GptOss.CodeAssist.Inference.OpenAi;

/// <summary>Where a server's API key comes from.</summary>
/// <remarks>The key itself is read for each request, put into its header, and kept nowhere: no message, log or report can hold it.</remarks>
/// <param name="Source">The place, for people: a variable's name or a file's path.</param>
/// <param name="Read">Reads the key; null where the place holds none. May throw <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</param>
public sealed record ServerKey(string Source, Func<string?> Read)
{
    /// <summary>There is no key.</summary>
    public static ServerKey None { get; } = new("", () => null);
}
