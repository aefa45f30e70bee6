namespace GptOss.CodeAssist.Models.Download;

/// <summary>What a server says of a file.</summary>
/// <param name="Address">Where it is asked for; may redirect.</param>
/// <param name="Commit">The commit that it is of; null where the server does not say.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its SHA-256 in lower-case hex; null where the server does not say.</param>
internal sealed record RemoteFile(Uri Address, string? Commit, long Bytes, string? Sha256);
