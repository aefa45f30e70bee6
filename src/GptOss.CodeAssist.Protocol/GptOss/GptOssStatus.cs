namespace GptOss.CodeAssist.Protocol;

/// <summary>Result of <c>gptOss/status</c> and parameters of <c>gptOss/didChangeStatus</c>: how the assistant is.</summary>
public sealed record GptOssStatus
{
    /// <summary><c>loading</c>, <c>ready</c> or <c>failed</c>.</summary>
    public required string State { get; init; }

    /// <summary>The model's name; absent until it is loaded.</summary>
    public string? Model { get; init; }

    /// <summary>Between 0 and 1; present while loading.</summary>
    public double? LoadFraction { get; init; }

    /// <summary>What is wrong and what to do next; present when failed.</summary>
    public string? Problem { get; init; }

    /// <summary>Why the newest empty answer was empty; absent while there was none.</summary>
    public GptOssEmptyAnswer? LastEmptyAnswer { get; init; }

    /// <summary>How often each reason's code made an answer empty since the server was started; absent in the notification, and while there was none.</summary>
    public IReadOnlyDictionary<string, int>? EmptyAnswers { get; init; }

    /// <summary>Requests received and not yet answered, this one not counted.</summary>
    public required int RequestsInFlight { get; init; }

    /// <summary>The program's version.</summary>
    public required string ServerVersion { get; init; }
}
