namespace GptOss.CodeAssist.TestSupport.Hub;

/// <summary>What a client asked <see cref="HubServer"/> for.</summary>
/// <param name="From">The first byte of the range; null without one.</param>
/// <param name="To">The last byte of the range.</param>
/// <param name="Token">What it sent as Authorization.</param>
public sealed record HubRequest(string Method, string Path, long? From, long? To, string? Token)
{
    /// <summary>Whether this is for a file's bytes, not for the Hub's word on it.</summary>
    public bool IsForBytes => Path.StartsWith(HubServer.BytesPath, StringComparison.Ordinal);
}
