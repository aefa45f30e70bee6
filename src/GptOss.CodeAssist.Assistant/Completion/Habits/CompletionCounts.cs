namespace GptOss.CodeAssist.Assistant.Completion.Habits;

/// <summary>What became of suggestions in one language with one model: counts and lengths, never text.</summary>
/// <param name="Language">The editor's language identifier.</param>
/// <param name="Model">The model's name.</param>
public sealed record CompletionCounts(string Language, string Model)
{
    /// <summary>Suggestions that a person had time to read.</summary>
    public int Shown { get; init; }

    /// <summary>Of those, taken whole.</summary>
    public int Accepted { get; init; }

    /// <summary>Of those, of which only a beginning was taken.</summary>
    public int PartlyAccepted { get; init; }

    /// <summary>Of those, typed over or left.</summary>
    public int Rejected { get; init; }

    /// <summary>Of those taken, still there half a minute later.</summary>
    public int Kept { get; init; }

    /// <summary>UTF-16 units shown.</summary>
    public long CharactersShown { get; init; }

    /// <summary>UTF-16 units taken.</summary>
    public long CharactersAccepted { get; init; }

    /// <summary>UTF-16 units still there half a minute after they were taken.</summary>
    public long CharactersKept { get; init; }

    /// <summary>Both together, under this one's names.</summary>
    public CompletionCounts Add(CompletionCounts other) => this with
    {
        Shown = Shown + other.Shown,
        Accepted = Accepted + other.Accepted,
        PartlyAccepted = PartlyAccepted + other.PartlyAccepted,
        Rejected = Rejected + other.Rejected,
        Kept = Kept + other.Kept,
        CharactersShown = CharactersShown + other.CharactersShown,
        CharactersAccepted = CharactersAccepted + other.CharactersAccepted,
        CharactersKept = CharactersKept + other.CharactersKept,
    };
}
