using System.Collections.Immutable;
using GptOss.CodeAssist.Harmony;

namespace GptOss.CodeAssist.Assistant.Chat;

/// <summary>The finished turns of one conversation, oldest first.</summary>
internal sealed class Conversation : IDisposable
{
    /// <summary>Held by the question being answered.</summary>
    public SemaphoreSlim Gate { get; } = new(1);

    public ImmutableList<FinishedTurn> Turns { get; set; } = [];

    public void Dispose() => Gate.Dispose();

    /// <summary>A question with all that followed, without its reasoning.</summary>
    /// <param name="Tokens">What it costs in a prompt.</param>
    internal sealed record FinishedTurn(ImmutableArray<HarmonyMessage> Messages, int Tokens);
}
