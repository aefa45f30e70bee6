using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace GptOss.CodeAssist.Models.Download;

/// <summary>Asks the Hub, or a mirror of it, for files.</summary>
/// <remarks>
/// Redirects are followed here: the answer that redirects is the one that describes the file, and the token must not follow.
/// The headers are those that the Hub's own client reads (huggingface_hub, <c>get_hf_file_metadata</c>).
/// </remarks>
internal sealed class HubClient : IDisposable
{
    private const int MaxRedirects = 8;
    private readonly HttpClient _http;
    private readonly HubOptions _options;

    public HubClient(HubOptions options, HttpMessageHandler? handler = null)
    {
        _options = options;
        // Proxies are those of the environment (HTTPS_PROXY, NO_PROXY) or of the system.
        _http = new HttpClient(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(30) }) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public string Host => _options.Endpoint.Host;

    /// <summary>What the server says of a file, without fetching it.</summary>
    /// <exception cref="ModelException">The server refuses, has no such file or does not say how long it is.</exception>
    /// <exception cref="HttpRequestException">It cannot be reached.</exception>
    public async Task<RemoteFile> DescribeAsync(string repository, string revision, string path, CancellationToken cancellationToken)
    {
        var asked = new Uri($"{_options.Endpoint.AbsoluteUri.TrimEnd('/')}/{repository}/resolve/{revision}/{path}");
        var address = asked;
        string? commit = null;
        for (var hop = 0; hop < MaxRedirects; hop++)
        {
            using var response = await SendAsync(HttpMethod.Head, address, range: null, cancellationToken);
            commit ??= Find(response, "X-Repo-Commit");
            var hash = ReadHash(Find(response, "X-Linked-ETag") ?? response.Headers.ETag?.Tag);
            if (long.TryParse(Find(response, "X-Linked-Size"), NumberStyles.None, CultureInfo.InvariantCulture, out var linked))
            {
                return new RemoteFile(asked, commit, linked, hash);
            }

            if (FindRedirect(response, address) is { } next)
            {
                address = next;
                continue;
            }

            if (!response.IsSuccessStatusCode)
            {
                throw Refusal(response, $"{repository}:{path}", revision);
            }

            return new RemoteFile(asked, commit, response.Content.Headers.ContentLength ?? throw new ModelException($"{Host} does not say how long {path} is; name another mirror with --endpoint."), hash);
        }

        throw new ModelException($"{Host} redirects {path} in circles; name another mirror with --endpoint.");
    }

    /// <summary>Asks for a piece of a file, and follows redirects. The caller judges the status.</summary>
    /// <returns>The answer, and the address that gave it.</returns>
    public async Task<(HttpResponseMessage Response, Uri Address)> GetAsync(Uri address, long from, long to, CancellationToken cancellationToken)
    {
        for (var hop = 0; ; hop++)
        {
            var response = await SendAsync(HttpMethod.Get, address, new RangeHeaderValue(from, to), cancellationToken);
            if (hop >= MaxRedirects || FindRedirect(response, address) is not { } next)
            {
                return (response, address);
            }

            response.Dispose();
            address = next;
        }
    }

    /// <summary>Why a server did not give a file.</summary>
    public ModelException Refusal(HttpResponseMessage response, string what, string revision) => new(response.StatusCode switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => _options.Token is null
            ? $"{Host} does not give {what} to everybody, or has no such repository. Check the name; for a closed one set HF_TOKEN to an access token that may read it."
            : $"{Host} does not give {what} to the owner of this token, or has no such repository. Check the name, and whether the token may read it.",
        HttpStatusCode.NotFound => $"{Host} has no {what} at the revision {revision}. Check the names of repository and file; upper and lower case matter.",
        HttpStatusCode.ProxyAuthenticationRequired => "The proxy wants a name and a password; put them into HTTPS_PROXY (http://NAME:PASSWORD@HOST:PORT).",
        _ => $"{Host} answers {(int)response.StatusCode} {response.ReasonPhrase} for {what}; try again later, or name a mirror with --endpoint.",
    });

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, RangeHeaderValue? range, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, address);
        request.Headers.UserAgent.ParseAdd(_options.Agent);
        request.Headers.Range = range;
        if (_options.Token is { } token && IsEndpoint(address))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    private bool IsEndpoint(Uri address) => address.Scheme == _options.Endpoint.Scheme && address.Authority == _options.Endpoint.Authority;

    /// <summary>Null where the answer is no redirect. Never from https to http.</summary>
    private static Uri? FindRedirect(HttpResponseMessage response, Uri address)
    {
        if ((int)response.StatusCode is < 300 or > 399 || response.Headers.Location is not { } location)
        {
            return null;
        }

        var next = new Uri(address, location);
        return next.Scheme == Uri.UriSchemeHttps || next.Scheme == address.Scheme ? next : null;
    }

    private static string? Find(HttpResponseMessage response, string header) => response.Headers.TryGetValues(header, out var values) ? values.First() : null;

    /// <summary>An LFS file's tag is its SHA-256; any other tag says nothing about the bytes.</summary>
    private static string? ReadHash(string? tag)
    {
        var bare = tag?.Trim('"');
        return bare is { Length: 64 } && bare.All(char.IsAsciiHexDigit) ? bare.ToLowerInvariant() : null;
    }
}
