namespace GptOss.CodeAssist.CSharpContext.Related.Lexical;

/// <summary>A piece of a file that resembles the code around a caret, or follows such a piece.</summary>
/// <param name="Path">The file.</param>
/// <param name="FirstLine">Its first line, from 0.</param>
/// <param name="Lines">Its lines.</param>
/// <param name="Score">BM25 with boosts; comparable within one search.</param>
internal sealed record LexicalHit(string Path, int FirstLine, IReadOnlyList<string> Lines, double Score);
