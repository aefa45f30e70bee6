using GptOss.CodeAssist.Inference;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>
/// Adds up what the candidates of one answer cost. An answer that is stopped early has no final event, so that the meter
/// counts along.
/// </summary>
internal sealed class UsageMeter(TimeProvider time)
{
    private readonly long _arrival = time.GetTimestamp();
    private GenerationUsage? _total;
    private GenerationUsage _current = new() { PromptTokens = 0, ReusedTokens = 0, GeneratedTokens = 0 };
    private long _begin;
    private bool _hasProgress;

    public TimeSpan Elapsed => time.GetElapsedTime(_arrival);

    /// <summary>
    /// Prompt and reused tokens and the first token's time of the first candidate, whose prompt the others share;
    /// generated tokens and decoding time of all.
    /// </summary>
    public GenerationUsage? Total => _total;

    /// <summary>The same of the candidate that is being written.</summary>
    public GenerationUsage Current => _current;

    public void Begin()
    {
        _begin = time.GetTimestamp();
        _hasProgress = false;
        _current = new GenerationUsage { PromptTokens = 0, ReusedTokens = 0, GeneratedTokens = 0 };
    }

    public void Take(GenerationEvent happened)
    {
        switch (happened)
        {
            case GenerationEvent.PrefillProgress progress:
                _current = _current with
                {
                    PromptTokens = progress.PromptTokens,
                    ReusedTokens = _hasProgress ? _current.ReusedTokens : progress.EvaluatedTokens,
                };
                _hasProgress = true;
                break;
            case GenerationEvent.Token:
                var elapsed = time.GetElapsedTime(_begin);
                _current = _current with
                {
                    GeneratedTokens = _current.GeneratedTokens + 1,
                    FirstToken = _current.GeneratedTokens == 0 ? elapsed : _current.FirstToken,
                    Decode = elapsed - _current.FirstToken,
                };
                break;
            case GenerationEvent.Finished finished:
                _current = finished.Usage;
                break;
        }
    }

    public void End() => _total = _total is null
        ? _current
        : _total with
        {
            GeneratedTokens = _total.GeneratedTokens + _current.GeneratedTokens,
            DraftedTokens = _total.DraftedTokens + _current.DraftedTokens,
            AcceptedTokens = _total.AcceptedTokens + _current.AcceptedTokens,
            Decode = _total.Decode + _current.Decode,
        };
}
