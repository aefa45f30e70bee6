using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.CSharpContext.Workspace;

/// <summary>What went wrong where nobody waits: each background activity that failed last time it ran, with the reason.</summary>
internal sealed class BackgroundProblems(ILogger logger)
{
    public const string Reading = "Reading the project files";
    public const string Indexing = "Indexing the files for search";
    public const string Refreshing = "Taking in changed files";
    public const string Describing = "Loading the projects with MSBuild";

    public const string Watching = "Watching the files";

    private readonly ConcurrentDictionary<string, string> _problems = new(StringComparer.Ordinal);

    /// <summary>A sentence for each, in the order of the activities' names.</summary>
    public ImmutableArray<string> Reasons => [.. _problems.OrderBy(problem => problem.Key, StringComparer.Ordinal).Select(problem => problem.Value)];

    /// <summary>Keeps why an activity is worse than it should be, a sentence for a person.</summary>
    public void Note(string activity, string reason)
    {
        logger.LogWarning("{Activity}: {Reason}", activity, reason);
        _problems[activity] = reason;
    }

    /// <summary>Does one thing; where it fails the reason is kept and nothing is thrown but a cancellation.</summary>
    /// <param name="activity">What is done, as a person is told of it.</param>
    /// <param name="work">Does it.</param>
    public async Task GuardAsync(string activity, Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
            _problems.TryRemove(activity, out _);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            logger.LogError(exception, "{Activity} failed", activity);
            _problems[activity] = $"{activity} failed: {exception.Message.ReplaceLineEndings(" ")}";
        }
    }
}
