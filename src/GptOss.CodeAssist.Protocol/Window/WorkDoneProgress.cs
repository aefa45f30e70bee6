namespace GptOss.CodeAssist.Protocol;

/// <summary>Begin, report or end of a piece of work: one record, told apart by <see cref="Kind"/>.</summary>
public sealed record WorkDoneProgress
{
    /// <summary><c>begin</c>, <c>report</c> or <c>end</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Required at the beginning, absent later.</summary>
    public string? Title { get; init; }

    public string? Message { get; init; }

    /// <summary>0 to 100.</summary>
    public int? Percentage { get; init; }

    public bool? Cancellable { get; init; }
}
