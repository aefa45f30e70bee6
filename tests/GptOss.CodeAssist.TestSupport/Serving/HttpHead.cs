using System.Globalization;

namespace GptOss.CodeAssist.TestSupport.Serving;

/// <summary>The first lines of a request: what is asked for, and the headers.</summary>
internal sealed record HttpHead(string Method, string Path, IReadOnlyList<string> Headers)
{
    public int ContentLength => int.Parse(Find("Content-Length") ?? "0", CultureInfo.InvariantCulture);

    /// <summary>A header's value; null without it.</summary>
    public string? Find(string name) => Headers.FirstOrDefault(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase))?[(name.Length + 2)..];
}
