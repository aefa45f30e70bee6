using System.Collections.Concurrent;
using System.Threading.Channels;
using GptOss.CodeAssist.Assistant;
using GptOss.CodeAssist.Assistant.Completion;

namespace GptOss.CodeAssist.Server.Testing;

/// <summary>A completion service that answers as a test says, and with nothing when the test said nothing.</summary>
public sealed class ScriptedCompletionService : ICompletionService
{
    private readonly ConcurrentQueue<Func<CompletionRequest, CancellationToken, Task<CompletionAnswer>>> _scripts = new();

    public ConcurrentQueue<CompletionRequest> Requests { get; } = new();

    /// <summary>The documents that were read ahead.</summary>
    public Channel<DocumentSnapshot> WarmedUp { get; } = Channel.CreateUnbounded<DocumentSnapshot>();

    public ScriptedCompletionService Answer(Func<CompletionRequest, CompletionAnswer> script) => Script((request, _) => Task.FromResult(script(request)));

    public ScriptedCompletionService Script(Func<CompletionRequest, CancellationToken, Task<CompletionAnswer>> script)
    {
        _scripts.Enqueue(script);
        return this;
    }

    public Task<CompletionAnswer> CompleteAsync(CompletionRequest request, CancellationToken cancellationToken)
    {
        Requests.Enqueue(request);
        return _scripts.TryDequeue(out var script) ? script(request, cancellationToken) : Task.FromResult(CompletionAnswer.Empty(EmptyReasons.NothingGenerated));
    }

    public void WarmUp(DocumentSnapshot document) => WarmedUp.Writer.TryWrite(document);
}
