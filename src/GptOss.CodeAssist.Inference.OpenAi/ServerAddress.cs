namespace GptOss.CodeAssist.Inference.OpenAi;

/// <summary>Where a model server is: all that is ever sent goes there.</summary>
public sealed class ServerAddress
{
    private const string Version = "/v1";

    private ServerAddress(Uri root) => Root = root;

    /// <summary>The address below which the server's paths are, with a slash at its end and without <c>v1</c>.</summary>
    public Uri Root { get; }

    /// <summary>Why a person should think twice about this address; null where nothing speaks against it.</summary>
    public string? Warning => Root.Scheme == Uri.UriSchemeHttp && !Root.IsLoopback
        ? $"Code and the server's key go to {this} unencrypted, where others on the way can read them; use https, or a tunnel to this machine."
        : null;

    /// <summary>Reads what a person wrote, with or without <c>/v1</c> at its end.</summary>
    /// <exception cref="FormatException">It is no address that a server can have; the message says why.</exception>
    public static ServerAddress Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
        {
            throw new FormatException($"{Shorten(text)} is no http or https address, such as http://127.0.0.1:8080.");
        }

        if (uri.UserInfo.Length > 0)
        {
            throw new FormatException("The server's address must hold no name and password: addresses are shown and logged. Keys are read from an environment variable or a file.");
        }

        if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            throw new FormatException("The server's address must end with its path: what follows ? or # belongs to no server.");
        }

        var path = uri.AbsolutePath.TrimEnd('/');
        path = path.EndsWith(Version, StringComparison.Ordinal) ? path[..^Version.Length] : path;
        return new ServerAddress(new Uri($"{uri.GetLeftPart(UriPartial.Authority)}{path.TrimEnd('/')}/"));
    }

    /// <summary>The address as people write it.</summary>
    public override string ToString() => Root.AbsoluteUri.TrimEnd('/');

    // A password in an address that cannot be read must not be shown either.
    private static string Shorten(string text) => text.Contains('@', StringComparison.Ordinal) ? "The text" : text.Length > 80 ? text[..80] + "…" : text;
}
