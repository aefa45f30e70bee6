namespace GptOss.CodeAssist.Protocol;

/// <summary>What came of a <c>gptOss.*</c> command.</summary>
public sealed record GptOssCommandResult
{
    /// <summary>An answer, or the change that was refused and why.</summary>
    public string? Markdown { get; init; }

    /// <summary>Whether the editor applied an edit; absent where there was none.</summary>
    public bool? Applied { get; init; }

    /// <summary>Why nothing came of it.</summary>
    public GptOssEmptyAnswer? Reason { get; init; }
}
