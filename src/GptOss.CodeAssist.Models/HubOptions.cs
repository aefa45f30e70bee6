namespace GptOss.CodeAssist.Models;

/// <summary>How the Hub is reached.</summary>
public sealed record HubOptions
{
    /// <summary>Where public models are published.</summary>
    public static Uri DefaultEndpoint { get; } = new("https://huggingface.co");

    /// <summary>The Hub, or a mirror that answers <c>/OWNER/REPO/resolve/REVISION/FILE</c> as it does.</summary>
    public Uri Endpoint { get; init; } = DefaultEndpoint;

    /// <summary>An access token; it is sent to <see cref="Endpoint"/> alone, never to where that redirects.</summary>
    public string? Token { get; init; }

    /// <summary>Sent as User-Agent.</summary>
    public string Agent { get; init; } = "gptoss-codeassist";
}
