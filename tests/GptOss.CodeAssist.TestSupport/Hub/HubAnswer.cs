using System.Collections.Immutable;

namespace GptOss.CodeAssist.TestSupport.Hub;

/// <summary>What <see cref="HubServer"/> answers.</summary>
public sealed record HubAnswer(int Status, ImmutableArray<string> Headers, ReadOnlyMemory<byte> Body)
{
    /// <summary>The length that the answer claims.</summary>
    public long Length { get; init; } = Body.Length;

    /// <summary>Ends the connection after so many bytes of the body.</summary>
    public int? DropAfter { get; init; }

    /// <summary>Goes silent after <see cref="DropAfter"/> bytes instead of ending the connection.</summary>
    public bool GoesSilent { get; init; }

    /// <summary>Resets the connection after <see cref="DropAfter"/> bytes, as a router does that has forgotten it, instead of ending it.</summary>
    public bool Resets { get; init; }

    /// <summary>Awaited before the body is sent.</summary>
    public Task? Gate { get; init; }

    public static HubAnswer Refuse(int status, params string[] headers) => new(status, [.. headers], default);
}
