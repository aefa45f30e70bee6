using GptOss.CodeAssist.CSharpContext;
using GptOss.CodeAssist.CSharpContext.Gate;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>The compiler's last word on what is about to be shown, where it is quick enough or the model is not sure.</summary>
/// <remarks>The gate's quick look finds names, calls and types that do not fit; the compiler finds the rest. May be called from any thread.</remarks>
internal sealed class CompileCheck(TimeProvider time)
{
    /// <summary>A check that usually takes longer, in milliseconds, is kept for answers that are likely to be wrong.</summary>
    private const double Quick = 8;

    /// <summary>Answers of which the model is surer than this are rarely wrong in ways that the quick look misses.</summary>
    private const double Sure = 0.7;

    private double _usual;

    /// <summary>What the compiler has against an answer; null for nothing, and where it is not asked.</summary>
    public string? FindError(CSharpDocument document, JudgedCandidate judged, CancellationToken cancellationToken)
    {
        if (document.Project is null || (Volatile.Read(ref _usual) > Quick && judged.Confidence > Sure))
        {
            return null;
        }

        var started = time.GetTimestamp();
        var error = CandidateGate.FindError(document, new GateCandidate(judged.Fitted.Span, judged.Fitted.InsertText), cancellationToken);
        var took = time.GetElapsedTime(started).TotalMilliseconds;
        // Two answers at once may each forget the other's time, which does no harm.
        Volatile.Write(ref _usual, _usual == 0 ? took : (_usual * 0.8) + (took * 0.2));
        return error;
    }
}
