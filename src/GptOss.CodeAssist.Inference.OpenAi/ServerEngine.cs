using System.Runtime.CompilerServices;
using GptOss.CodeAssist.Harmony;
using GptOss.CodeAssist.Inference.OpenAi.Chatting;
using GptOss.CodeAssist.Inference.OpenAi.Completing;
using GptOss.CodeAssist.Inference.OpenAi.Connecting;
using GptOss.CodeAssist.Inference.OpenAi.Probing;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Inference.OpenAi;

/// <summary>The engine that a model server is.</summary>
/// <remarks>
/// <see cref="Start"/> returns at once; what the server is and what its model can do is found out in the background, and again when the server was lost.
/// What was being answered when it was lost fails with <see cref="InferenceError.EngineLost"/>.
/// vLLM and llama-server are sent prompts as token numbers; the other servers get conversations and write prompts by themselves, so that they chat and do not complete.
/// A guide and a draft source are not for servers: the one would cost a journey a word, and what it keeps out the compiler drops later; the other is their own business.
/// </remarks>
public sealed class ServerEngine : IInferenceEngine
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly ServerConnection _connection;
    private readonly ServerProbe _probe;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly AnswerStream _answers;
    private readonly EngineSearch<ServedModel> _search;
    private TaskCompletionSource<string> _trouble = NewTrouble();

    private ServerEngine(ServerEngineOptions options, ILogger logger, TimeProvider time)
    {
        (_logger, _time) = (logger, time);
        _connection = new ServerConnection(options, time);
        _probe = new ServerProbe(_connection, options);
        _answers = new AnswerStream(_connection, time, logger);
        _search = new EngineSearch<ServedModel>(LookAsync, Explain, time);
    }

    public EngineStatus Status => _search.Status;

    /// <summary>What the server turned out to be; null until it answered.</summary>
    public ServerReport? Report => _search.Found?.Report;

    public event Action<EngineStatus>? StatusChanged
    {
        add => _search.StatusChanged += value;
        remove => _search.StatusChanged -= value;
    }

    /// <summary>Begins to look at the server and returns at once.</summary>
    public static ServerEngine Start(ServerEngineOptions options, ILogger logger, TimeProvider? time = null)
    {
        var engine = new ServerEngine(options, logger, time ?? TimeProvider.System);
        engine._search.Start();
        return engine;
    }

    public async Task<ModelDescription> WaitForModelAsync(CancellationToken cancellationToken) => (await _search.WaitAsync(cancellationToken)).Description;

    public async ValueTask<int> CountTokensAsync(string text, CancellationToken cancellationToken) =>
        (await _search.WaitAsync(cancellationToken)).Vocabulary?.Count(text) ?? (text.Length + 2) / 3;

    public async IAsyncEnumerable<GenerationEvent> GenerateAsync(GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _search.Closing);
        var served = await _search.WaitAsync(either.Token);
        await using var events = Choose(request, served, either.Token).GetAsyncEnumerator(either.Token);
        while (await MoveAsync(events, cancellationToken))
        {
            yield return events.Current;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _search.DisposeAsync();
        _connection.Dispose();
    }

    private IAsyncEnumerable<GenerationEvent> Choose(GenerationRequest request, ServedModel served, CancellationToken cancellationToken)
    {
        if (served.ChatsByServer && HarmonyPrompt.Find(request.Prompt) is { } conversation)
        {
            return new ChatCompletion(_answers, served, _time).GenerateAsync(request, conversation, cancellationToken);
        }

        return served.Raw is not null
            ? new RawCompletion(_answers, served, _time).GenerateAsync(request, cancellationToken)
            : throw new InferenceException(InferenceError.Unsupported, served.Description.CompletionRefusal!);
    }

    private async ValueTask<bool> MoveAsync(IAsyncEnumerator<GenerationEvent> events, CancellationToken cancellationToken)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (ServerException exception)
        {
            if (exception.IsServerGone)
            {
                Volatile.Read(ref _trouble).TrySetResult(exception.Message);
            }

            throw exception.ToInference();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InferenceException(InferenceError.Unavailable, "The engine was closed.");
        }
    }

    private async Task LookAsync(CancellationToken closing)
    {
        var pause = FirstPause;
        while (true)
        {
            try
            {
                var served = await _probe.RunAsync(closing);
                pause = FirstPause;
                _logger.LogInformation("The model server is {Server}; {Model} {Works}.", served.Report.Server, served.Description.Name, served.Report.Works);
                var trouble = NewTrouble();
                Volatile.Write(ref _trouble, trouble);
                _search.Connect(served);
                _search.Report(new EngineStatus.Ready(served.Description));
                var lost = await trouble.Task.WaitAsync(closing);
                _logger.LogWarning("The model server is looked at again: {Reason}", lost);
                _search.Connect(null);
                _search.Report(new EngineStatus.Restarting(lost));
            }
            catch (ServerException failure)
            {
                _logger.LogInformation("The model server cannot be used: {Reason}", failure.Message);
                _search.Report(failure.Failure == ServerFailure.NotReady ? new EngineStatus.Loading(0) : new EngineStatus.Failed(failure.ToInference().Error, failure.Message));
                await _search.WaitUntilWantedAsync(FirstPause, pause, closing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    private string Explain(Exception failure)
    {
        _logger.LogError(failure, "Looking at the model server failed.");
        return $"The model server cannot be used: {failure.Message}";
    }

    private static TaskCompletionSource<string> NewTrouble() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
