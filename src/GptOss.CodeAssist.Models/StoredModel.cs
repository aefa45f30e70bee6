using System.Collections.Immutable;

namespace GptOss.CodeAssist.Models;

/// <summary>A model that was fetched: what is written down beside its files.</summary>
public sealed record StoredModel
{
    public required string Name { get; init; }

    public required string Repository { get; init; }

    /// <summary>The commit that the files are of.</summary>
    public required string Revision { get; init; }

    /// <summary>The files as they were verified when they came.</summary>
    public required ImmutableArray<ModelFile> Files { get; init; }

    /// <summary>Whether the hashes are the publisher's (or this program's own pins); false where the server named none, and they say only what came.</summary>
    public required bool IsVerified { get; init; }
}
