using System.Net.Http.Headers;

namespace GptOss.CodeAssist.Models.Download;

/// <summary>A server that cannot answer now, and may say when it can.</summary>
internal sealed class RetryLaterException(HttpResponseMessage response)
    : HttpRequestException(HttpRequestError.Unknown, $"The server answers {(int)response.StatusCode} {response.ReasonPhrase}.", statusCode: response.StatusCode)
{
    /// <summary>Null where the server does not say.</summary>
    public RetryConditionHeaderValue? After { get; } = response.Headers.RetryAfter;
}
