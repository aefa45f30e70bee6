using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Inference.OpenAi.Connecting;

/// <summary>Streams an answer, and asks again where nothing of it has come yet and the server was only busy or gone for a moment.</summary>
internal sealed class AnswerStream(ServerConnection connection, TimeProvider time, ILogger logger)
{
    private const int MaxAttempts = 4;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan SilencePatience = TimeSpan.FromSeconds(60);

    /// <param name="isAnswer">Whether an event holds some of the answer; what comes before such a one may come again.</param>
    /// <param name="isEnd">Whether the answer is whole with an event; a stream that ends without one was broken off.</param>
    /// <exception cref="ServerException">The answer did not come, or not whole.</exception>
    public async IAsyncEnumerable<JsonElement> ReadAsync(
        string path, JsonObject body, RequestPriority priority, Func<JsonElement, bool> isAnswer, Func<JsonElement, bool> isEnd, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var waited = TimeSpan.Zero;
        var (hasAnswer, hasEnd) = (false, false);
        for (var attempt = 1; ; attempt++)
        {
            ServerException? failure;
            await using (var events = connection.StreamAsync(path, body, FirstPatience(priority), SilencePatience, cancellationToken).GetAsyncEnumerator(cancellationToken))
            {
                while (true)
                {
                    (var more, failure) = await MoveAsync(events);
                    if (!more)
                    {
                        break;
                    }

                    hasAnswer |= isAnswer(events.Current);
                    hasEnd |= isEnd(events.Current);
                    yield return events.Current;
                }
            }

            if (failure is null && hasEnd)
            {
                yield break;
            }

            failure ??= new ServerException(ServerFailure.Lost, $"{connection.Address} broke off in the middle of an answer; it may be restarting.");
            var pause = failure.RetryAfter ?? FirstPause * Math.Pow(2, attempt - 1) * (0.5 + Random.Shared.NextDouble());
            waited += pause;
            if (hasAnswer || !failure.IsPassing || attempt == MaxAttempts || waited > BusyPatience(priority))
            {
                throw failure;
            }

            logger.LogInformation("Asking the model server again in {Milliseconds:F0} ms: {Failure}.", pause.TotalMilliseconds, failure.Failure);
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private static async Task<(bool More, ServerException? Failure)> MoveAsync(IAsyncEnumerator<JsonElement> events)
    {
        try
        {
            return (await events.MoveNextAsync(), null);
        }
        catch (ServerException failure)
        {
            return (false, failure);
        }
    }

    /// <summary>Who types has gone on long before; a long prompt in a queue of others takes its time.</summary>
    private static TimeSpan FirstPatience(RequestPriority priority) => priority == RequestPriority.Completion ? TimeSpan.FromSeconds(30) : TimeSpan.FromMinutes(10);

    private static TimeSpan BusyPatience(RequestPriority priority) => priority == RequestPriority.Completion ? TimeSpan.FromSeconds(3) : TimeSpan.FromMinutes(1);
}
