using GptOss.CodeAssist.CSharpContext;
using GptOss.CodeAssist.CSharpContext.Gate;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>Decides whether an answer is shown, and how much of it: what is missing may not be invented, what does not compile is not shown.</summary>
internal static class CandidateJudge
{
    /// <param name="document">The document parsed; null where it is not C#, so that nothing can be checked.</param>
    /// <param name="refusal">Why nothing is shown, for a person.</param>
    public static JudgedCandidate? Judge(CSharpDocument? document, FittedAnswer fitted, GrowingAnswer answer, out string refusal, CancellationToken cancellationToken)
    {
        refusal = "";
        var confidence = answer.Confidence;
        if (document is null)
        {
            return new JudgedCandidate(fitted, IsWhole: true, confidence);
        }

        switch (CandidateGate.Check(document, new GateCandidate(fitted.Span, fitted.InsertText), cancellationToken))
        {
            case GateVerdict.ShownAsIs:
                return new JudgedCandidate(fitted, IsWhole: true, confidence);
            case GateVerdict.CutTo cut when EndsInNothing(fitted.InsertText.AsSpan(0, cut.Length)):
                refusal = "it breaks off in the middle of an expression";
                return null;
            case GateVerdict.CutTo cut when cut.Length == fitted.InsertText.Length && answer.EndedWithLineBreak && fitted.InsertText is [.., ')']:
                // A header, whose body the model would have gone on to write on the next line: `if (x)` is not `if (x);`.
                return new JudgedCandidate(fitted, IsWhole: false, confidence);
            case GateVerdict.CutTo cut:
                return new JudgedCandidate(fitted with { InsertText = cut.Text }, IsWhole: false, confidence);
            case GateVerdict.NeedsUsing needs:
                // An editor cannot add the directive with ghost text; its own quick fix does, once the name stands there.
                return new JudgedCandidate(fitted with { InsertText = needs.Text }, IsWhole: false, confidence);
            case GateVerdict.Rejected rejected:
                refusal = rejected.Because;
                return null;
            case var other:
                throw new InvalidOperationException($"A verdict that nobody told this class about: {other.GetType().Name}.");
        }
    }

    /// <summary>Closers after one of these would only hide that something is missing.</summary>
    private static bool EndsInNothing(ReadOnlySpan<char> text) => text.TrimEnd() is [.., '(' or '[' or ',' or '.' or '=' or '+' or '-' or '*' or '<' or '&' or '|' or '!' or '?' or ':'];
}
