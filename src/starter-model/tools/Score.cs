using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GptOss.CodeAssist.StarterModel;

/// <summary>How good answers were, summed over carets; percentages.</summary>
internal sealed partial class Score
{
    private int _count;
    private int _exact;
    private int _identifiers;
    private int _identifierHits;
    private int _parsed;
    private int _stopped;
    private double _similarity;

    public double ExactMatch => Share(_exact, _count);

    public double EditSimilarity => _count == 0 ? 0 : 100 * _similarity / _count;

    /// <summary>Of the lines whose rest holds an identifier: those whose first one the answer has right.</summary>
    public double IdentifierMatch => Share(_identifierHits, _identifiers);

    /// <summary>Answers in whose place the file has no more syntax errors than before.</summary>
    public double Parses => Share(_parsed, _count);

    public double StopsByItself => Share(_stopped, _count);

    public void Add(Caret caret, string answer, bool stopped)
    {
        answer = answer.TrimEnd();
        _count++;
        _exact += answer == caret.Expected ? 1 : 0;
        _similarity += Similarity(answer, caret.Expected);
        if (Identifier().Match(caret.Expected) is { Success: true, Value: var wanted })
        {
            _identifiers++;
            _identifierHits += Identifier().Match(answer).Value == wanted ? 1 : 0;
        }

        var text = caret.File.Text;
        _parsed += CountErrors(text[..caret.Offset] + answer + text[caret.LineEnd..]) <= CountErrors(text) ? 1 : 0;
        _stopped += stopped ? 1 : 0;
    }

    private static int CountErrors(string text) =>
        CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview)).GetDiagnostics().Count(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    /// <summary>1 less the Levenshtein distance over the longer length.</summary>
    private static double Similarity(string left, string right)
    {
        if (left.Length == 0 && right.Length == 0)
        {
            return 1;
        }

        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (left[i - 1] == right[j - 1] ? 0 : 1)));
            }
        }

        return 1 - ((double)row[^1] / Math.Max(left.Length, right.Length));
    }

    private static double Share(int part, int whole) => whole == 0 ? 0 : 100.0 * part / whole;

    [GeneratedRegex(@"\p{L}\w*")]
    private static partial Regex Identifier();
}
