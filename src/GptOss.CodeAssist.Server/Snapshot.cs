using System.Collections.Immutable;

namespace GptOss.CodeAssist.Server;

/// <summary>Everything the server knows of one editor at one moment. All that a read is given.</summary>
internal sealed record Snapshot(Lifecycle Lifecycle, ClientProfile Client, ImmutableDictionary<string, OpenDocument> Documents)
{
    public static Snapshot Initial { get; } = new(Lifecycle.Uninitialized, ClientProfile.Unknown, ImmutableDictionary<string, OpenDocument>.Empty);

    public OpenDocument? FindDocument(string uri) => Documents.GetValueOrDefault(uri);
}
