namespace GptOss.CodeAssist.CSharpContext.Related;

/// <summary>A place that related code is wanted for.</summary>
/// <param name="Document">The document.</param>
/// <param name="Caret">Offset in its text, in UTF-16 units.</param>
/// <param name="Place">What the syntax says about the place.</param>
internal sealed record RelatedRequest(CSharpDocument Document, int Caret, CaretPlace Place)
{
    private readonly Lazy<Dictionary<string, int>> _words = new(() => Document.WordDistances(Caret));

    /// <summary>Whether nobody waits for the answer, so that what the next keystrokes will ask for may be found out as well.</summary>
    public bool IsAhead { get; init; }

    /// <summary>The words of the file by their distance from the caret; read once, by whichever source is first.</summary>
    public Dictionary<string, int> Words => _words.Value;

    /// <summary>Answers for the same scope may share a beginning: file, type and member.</summary>
    public string Scope => $"{Document.Path}:{Place.TypeName}:{Place.MemberName}";

    /// <summary>A measure of its own for each source: it remembers, and is not shared between threads.</summary>
    public Lexical.Likeness NewLikeness() => Lexical.Likeness.At(Document, Caret, Place);
}
