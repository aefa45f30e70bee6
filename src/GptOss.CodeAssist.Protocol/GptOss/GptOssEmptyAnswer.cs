namespace GptOss.CodeAssist.Protocol;

/// <summary>Why an answer was empty.</summary>
public sealed record GptOssEmptyAnswer
{
    /// <summary>kebab-case and stable, for instance <c>model-loading</c>.</summary>
    public required string Code { get; init; }

    /// <summary>One sentence for a person.</summary>
    public required string Message { get; init; }
}
