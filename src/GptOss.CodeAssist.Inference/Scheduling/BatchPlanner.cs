namespace GptOss.CodeAssist.Inference.Scheduling;

/// <summary>Decides how many tokens of each running request go into the next batch.</summary>
/// <remarks>
/// The policy: every request that is writing its answer gets its next token; the most urgent requests' prompts fill the rest,
/// oldest first; less urgent prompts wait, but for a small share in every <see cref="FairShareInterval"/>-th batch,
/// so that a chat still comes to an end under a stream of completions. Pure, but for counting the batches.
/// </remarks>
public sealed class BatchPlanner(int capacity)
{
    /// <summary>Every so many batches a less urgent prompt gets a share although somebody more urgent runs.</summary>
    public const int FairShareInterval = 4;

    private int _batches;

    /// <summary>Fills <paramref name="takes"/> with the tokens that each entry of <paramref name="work"/> may put into the batch.</summary>
    /// <param name="work">The running requests.</param>
    /// <param name="takes">As long as <paramref name="work"/>.</param>
    /// <param name="patientChunk">Most prompt tokens for requests that nobody is typing for, so that one arriving completion waits for no more than that.</param>
    public void Plan(ReadOnlySpan<SlotWork> work, Span<int> takes, int patientChunk)
    {
        takes.Clear();
        if (work.IsEmpty)
        {
            return;
        }

        var rest = capacity;
        var top = RequestPriority.WarmUp;
        foreach (var item in work)
        {
            top = item.Priority < top ? item.Priority : top;
        }

        for (var i = 0; i < work.Length && rest > 0; i++)
        {
            if (work[i].IsAnswering)
            {
                takes[i] = Math.Min(work[i].Priority == top ? work[i].Tokens : 1, rest);
                rest -= takes[i];
            }
        }

        // Before the urgent prompts, which may be longer than the batch for as long as they come.
        if (++_batches % FairShareInterval == 0 && FindNextPrompt(work, takes, top, isUrgent: false) is var patient && patient >= 0)
        {
            Take(ref takes[patient], Math.Min(work[patient].Tokens, Math.Max(1, Math.Min(patientChunk, capacity / 4))));
        }

        while (rest > 0 && FindNextPrompt(work, takes, top, isUrgent: true) is var next && next >= 0)
        {
            Take(ref takes[next], Math.Min(work[next].Tokens, top == RequestPriority.Completion ? rest : patientChunk));
        }

        void Take(ref int take, int tokens)
        {
            take = Math.Min(tokens, rest);
            rest -= take;
        }
    }

    private static int FindNextPrompt(ReadOnlySpan<SlotWork> work, ReadOnlySpan<int> takes, RequestPriority top, bool isUrgent)
    {
        var best = -1;
        for (var i = 0; i < work.Length; i++)
        {
            if (work[i].IsAnswering || takes[i] > 0 || (work[i].Priority == top) != isUrgent)
            {
                continue;
            }

            if (best < 0 || (work[i].Priority, work[i].Arrival).CompareTo((work[best].Priority, work[best].Arrival)) < 0)
            {
                best = i;
            }
        }

        return best;
    }
}
