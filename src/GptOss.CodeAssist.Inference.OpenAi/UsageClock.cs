namespace GptOss.CodeAssist.Inference.OpenAi;

/// <summary>What one request costs, with times as they are seen here: the way to the server is part of them.</summary>
internal sealed class UsageClock(TimeProvider time)
{
    private readonly long _arrival = time.GetTimestamp();
    private long _firstToken;

    public int PromptTokens { get; set; }

    public int ReusedTokens { get; set; }

    public int GeneratedTokens { get; set; }

    /// <summary>Tokens have come.</summary>
    public void Count(int tokens)
    {
        _firstToken = _firstToken == 0 && tokens > 0 ? time.GetTimestamp() : _firstToken;
        GeneratedTokens += tokens;
    }

    public GenerationUsage Read()
    {
        var now = time.GetTimestamp();
        var first = _firstToken == 0 ? now : _firstToken;
        return new GenerationUsage
        {
            PromptTokens = PromptTokens,
            ReusedTokens = Math.Clamp(ReusedTokens, 0, PromptTokens),
            GeneratedTokens = GeneratedTokens,
            Prefill = time.GetElapsedTime(_arrival, first),
            FirstToken = time.GetElapsedTime(_arrival, first),
            Decode = time.GetElapsedTime(first, now),
        };
    }
}
