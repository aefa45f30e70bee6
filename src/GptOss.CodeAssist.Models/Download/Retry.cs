using System.Net;

namespace GptOss.CodeAssist.Models.Download;

/// <summary>Tries again what failed for a while, with growing waits of a random part, so that many clients do not come back at once.</summary>
internal sealed class Retry(DownloadOptions options, TimeProvider time)
{
    public static bool IsTransient(Exception exception) => exception is HttpIOException or HttpRequestException { StatusCode: null } or RetryLaterException or HttpRequestException { StatusCode: HttpStatusCode.ServiceUnavailable };

    public static bool IsTransient(HttpStatusCode status) => status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;

    /// <summary>Runs <paramref name="attempt"/> until it is done; an attempt that gets further starts the count anew.</summary>
    /// <param name="attempt">Is given how many attempts in a row have failed, and says how far it got.</param>
    /// <exception cref="HttpRequestException">The last failure, after <see cref="DownloadOptions.MaxAttempts"/> attempts that got nowhere.</exception>
    public async Task RunAsync(Func<int, Task<long>> attempt, Func<long, bool> isDone, CancellationToken cancellationToken)
    {
        var reached = -1L;
        for (var failed = 0; ;)
        {
            try
            {
                var now = await attempt(failed);
                if (isDone(now))
                {
                    return;
                }

                failed = now > reached ? 0 : failed + 1;
                reached = now;
            }
            catch (Exception exception) when (IsTransient(exception) && failed + 1 < options.MaxAttempts)
            {
                failed++;
                await Task.Delay(WaitFor(failed, exception), time, cancellationToken);
            }
        }
    }

    private TimeSpan WaitFor(int failed, Exception exception)
    {
        var full = options.FirstRetryDelay * Math.Pow(2, Math.Min(failed - 1, 16));
        var wait = full * (0.5 + (Random.Shared.NextDouble() / 2));
        if (exception is RetryLaterException { After: { } after })
        {
            var asked = after.Delta ?? (after.Date - time.GetUtcNow()) ?? TimeSpan.Zero;
            wait = asked > wait ? asked : wait;
        }

        return wait > options.MaxRetryDelay ? options.MaxRetryDelay : wait;
    }
}
