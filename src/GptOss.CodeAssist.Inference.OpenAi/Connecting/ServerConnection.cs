using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GptOss.CodeAssist.Inference.OpenAi.Connecting;

/// <summary>Speaks HTTP with one server and with no other.</summary>
/// <remarks>
/// Redirects are looked at here: only those that stay at the server are followed, so that neither code nor key ever goes elsewhere.
/// For the same reason no proxy is used. May be used from any thread.
/// </remarks>
internal sealed class ServerConnection : IDisposable
{
    /// <summary>How long a question that needs no model may take.</summary>
    private static readonly TimeSpan AskPatience = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan AskPause = TimeSpan.FromMilliseconds(50);

    private const int MaxAttempts = 3;
    private const int MaxRedirects = 3;
    private const int MaxLineBytes = 4 << 20;
    private const int MaxAnswerBytes = 32 << 20;
    private const int MaxShownCharacters = 200;

    private readonly HttpClient _http;
    private readonly ServerEngineOptions _options;
    private readonly TimeProvider _time;

    public ServerConnection(ServerEngineOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = options.ConnectPatience,
            // Servers close idle connections after five seconds; a request that meets the closing is lost.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(3),
            // A name may come to stand for another machine of the team's.
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaxAnswerBytes,
        };
    }

    public ServerAddress Address => _options.Address;

    /// <summary>What a path says; null where the server has no such path, or says something that is no JSON object there.</summary>
    /// <exception cref="ServerException">The server did not answer, or refused the key.</exception>
    public async Task<JsonElement?> FindAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(path, null, cancellationToken);
        }
        catch (ServerException exception) when (exception.Failure is ServerFailure.NotFound or ServerFailure.BadRequest or ServerFailure.Garbled or ServerFailure.ServerError)
        {
            return null;
        }
    }

    /// <summary>Asks a question that is answered at once.</summary>
    /// <param name="body">What to send; null only asks for what is at the path.</param>
    /// <exception cref="ServerException">The server did not answer it.</exception>
    public Task<JsonElement> AskAsync(string path, JsonObject? body, CancellationToken cancellationToken) => AskAsync(body is null ? HttpMethod.Get : HttpMethod.Post, path, body, cancellationToken);

    /// <summary>The events of an answer as they come. Leaving the enumeration closes the connection, which ends the server's work on it.</summary>
    /// <param name="firstPatience">How long the first event may take.</param>
    /// <param name="patience">How long any later one may.</param>
    /// <exception cref="ServerException">The server refuses, the connection breaks, or what comes is no stream of events.</exception>
    public async IAsyncEnumerable<JsonElement> StreamAsync(
        string path, JsonObject body, TimeSpan firstPatience, TimeSpan patience, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(firstPatience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        using var response = await GuardAsync(() => SendAsync(HttpMethod.Post, path, body, either.Token), silence, cancellationToken);
        if (response.Content.Headers.ContentType?.MediaType is not "text/event-stream")
        {
            throw new ServerException(ServerFailure.Garbled, $"{Address} answered {response.Content.Headers.ContentType?.MediaType ?? "without saying what"} where a stream of events was asked for; is it a model server?");
        }

        var lines = new BoundedLineStream(await GuardAsync(() => response.Content.ReadAsStreamAsync(either.Token), silence, cancellationToken), MaxLineBytes);
        await using var events = SseParser.Create(lines).EnumerateAsync(either.Token).GetAsyncEnumerator(either.Token);
        while (await GuardAsync(() => events.MoveNextAsync().AsTask(), silence, cancellationToken))
        {
            silence.CancelAfter(patience);
            if (events.Current.Data == "[DONE]")
            {
                yield break;
            }

            var element = Parse(events.Current.Data, "an event");
            if (element.TryGetProperty("error", out var error) && error.ValueKind is not JsonValueKind.Null)
            {
                throw new ServerException(ServerFailure.ServerError, $"{Address} failed in the middle of an answer{Describe(ReadMessage(element))}.");
            }

            yield return element;
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Asks, and asks again where a connection that was open turns out to be closed: such questions change nothing.</summary>
    private async Task<JsonElement> AskAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await AskOnceAsync(method, path, body, cancellationToken);
            }
            catch (ServerException exception) when (attempt < MaxAttempts && exception is { Failure: ServerFailure.Lost, InnerException: { } reason } && !IsConnectFailure(reason))
            {
                await Task.Delay(AskPause * attempt * (0.5 + Random.Shared.NextDouble()), _time, cancellationToken);
            }
        }
    }

    private async Task<JsonElement> AskOnceAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(AskPatience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        return await GuardAsync(
            async () =>
            {
                using var response = await SendAsync(method, path, body, either.Token);
                return Parse(await response.Content.ReadAsStringAsync(either.Token), $"the answer of /{path}");
            },
            silence,
            cancellationToken);
    }

    /// <summary>What the transport throws, in our words.</summary>
    private async Task<T> GuardAsync<T>(Func<Task<T>> act, CancellationTokenSource silence, CancellationToken cancellationToken)
    {
        try
        {
            return await act();
        }
        catch (OperationCanceledException) when (silence.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ServerException(ServerFailure.Silent, $"{Address} did not answer in time; it may be overloaded or stuck.");
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The transport's own limit, for a connection that does not come about.
            throw Unreachable("nothing answered in time", exception);
        }
        catch (InvalidDataException exception)
        {
            throw new ServerException(ServerFailure.Garbled, $"{Address} sent a line of more than {MaxLineBytes >> 20} MiB; is it a model server?", exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw IsConnectFailure(exception)
                ? Unreachable(Innermost(exception), exception)
                : new ServerException(ServerFailure.Lost, $"{Address} broke the connection ({Innermost(exception)}); it may have been stopped. Ask again once it runs.", exception);
        }
    }

    private ServerException Unreachable(string why, Exception exception) =>
        new(ServerFailure.Lost, $"{Address} cannot be reached ({why}): start the server there, or give the right address to --engine or the setting engine.", exception);

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        var content = body is null ? null : JsonSerializer.SerializeToUtf8Bytes(body, ServerJson.Default.JsonObject);
        var address = new Uri(Address.Root, path);
        for (var hop = 0; ; hop++)
        {
            using var request = new HttpRequestMessage(method, address);
            request.Headers.UserAgent.ParseAdd(_options.Agent);
            var key = ReadKey();
            request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
            if (content is not null)
            {
                request.Content = new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            }

            var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                address = (int)response.StatusCode is >= 300 and <= 399
                    ? FollowRedirect(response, address, hop)
                    : throw await RefusalAsync(response, key, path, cancellationToken);
            }
        }
    }

    private Uri FollowRedirect(HttpResponseMessage response, Uri address, int hop)
    {
        var next = response.Headers.Location is { } location ? new Uri(address, location) : null;
        var stays = next is not null && next.Scheme == address.Scheme && next.Authority == address.Authority;
        return stays && hop < MaxRedirects
            ? next!
            : throw new ServerException(ServerFailure.Redirected, stays
                ? $"{Address} redirects in circles."
                : $"{Address} wants to send us to {next?.GetLeftPart(UriPartial.Authority) ?? "nowhere"}, where neither code nor key goes; give that address to --engine or the setting engine if it is right.");
    }

    private string? ReadKey()
    {
        string? key;
        try
        {
            key = _options.Key.Read()?.Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ServerException(ServerFailure.KeyRefused, $"The server's key cannot be read from {_options.Key.Source}: the file is missing, or closed to this user.", exception);
        }

        // The framework's own complaint would show the key.
        return key is null or "" || key.All(character => character is > ' ' and < '\x7f')
            ? key is "" ? null : key
            : throw new ServerException(ServerFailure.KeyRefused, $"What stands in {_options.Key.Source} is no key: it must be one word of ASCII characters.");
    }

    private async Task<ServerException> RefusalAsync(HttpResponseMessage response, string? key, string path, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        var message = Describe(await ReadRefusalAsync(response, key, cancellationToken));
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new ServerException(ServerFailure.KeyRefused, key is null
                ? $"{Address} wants a key: put it into {(_options.Key.Source.Length > 0 ? _options.Key.Source : "an environment variable or a file")}; the settings server.keyVariable and server.keyFile say where it is looked for."
                : $"{Address} refuses the key that is in {_options.Key.Source}: put the right one there."),
            HttpStatusCode.TooManyRequests => new ServerException(ServerFailure.Busy, $"{Address} has too many requests already{message}.") { RetryAfter = FindRetryAfter(response) },
            HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout =>
                new ServerException(ServerFailure.NotReady, $"{Address} is not ready yet ({status}{message}).") { RetryAfter = FindRetryAfter(response) },
            HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.Gone or HttpStatusCode.NotImplemented =>
                new ServerException(ServerFailure.NotFound, $"{Address} has no /{path}, or not the model that was asked for{message}."),
            _ => new ServerException(status < 500 ? ServerFailure.BadRequest : ServerFailure.ServerError, $"{Address} answered {status} to /{path}{message}."),
        };
    }

    private TimeSpan? FindRetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } wait } => wait,
        { Date: { } date } => date - _time.GetUtcNow() is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
        _ => null,
    };

    /// <summary>The server's own words, shortened; some servers repeat the key that they refuse.</summary>
    private static async Task<string?> ReadRefusalAsync(HttpResponseMessage response, string? key, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            var buffer = new byte[16 << 10];
            var read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            using var document = JsonDocument.Parse(buffer.AsMemory(0, read));
            var message = ReadMessage(document.RootElement);
            return key is null ? message : message?.Replace(key, "…", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is JsonException or IOException or HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>The message of <c>{"error":{"message":…}}</c>, <c>{"error":…}</c>, <c>{"message":…}</c> or <c>{"detail":…}</c>.</summary>
    private static string? ReadMessage(JsonElement element)
    {
        foreach (var name in (ReadOnlySpan<string>)["error", "message", "detail"])
        {
            if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var found))
            {
                return found.ValueKind == JsonValueKind.String ? found.GetString() : ReadMessage(found);
            }
        }

        return null;
    }

    private static string Describe(string? message) => message is null ? "" : $": {Shorten(message.ReplaceLineEndings(" ").Trim().TrimEnd('.'))}";

    private static string Shorten(string message) => message.Length <= MaxShownCharacters ? message : message[..MaxShownCharacters] + "…";

    private JsonElement Parse(string json, string what)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : throw new JsonException("It is no object.");
        }
        catch (JsonException exception)
        {
            throw new ServerException(ServerFailure.Garbled, $"{Address} sent {what} that is no JSON object; is it a model server?", exception);
        }
    }

    private static bool IsConnectFailure(Exception exception) => exception is OperationCanceledException or HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError };

    private static string Innermost(Exception exception) => exception.GetBaseException().Message.TrimEnd('.');
}
