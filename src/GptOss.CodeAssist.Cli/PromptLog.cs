using System.Runtime.CompilerServices;
using System.Text;
using GptOss.CodeAssist.Inference;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Cli;

/// <summary>An engine that logs every prompt and answer, for a person who has asked for that: they hold the person's code.</summary>
internal sealed class PromptLog : IInferenceEngine
{
    private readonly IInferenceEngine _engine;
    private readonly ILogger _logger;

    public PromptLog(IInferenceEngine engine, ILogger logger)
    {
        (_engine, _logger) = (engine, logger);
        logger.LogWarning("Prompts and answers are logged, with your code in them, because log.prompts says so.");
    }

    public event Action<EngineStatus>? StatusChanged
    {
        add => _engine.StatusChanged += value;
        remove => _engine.StatusChanged -= value;
    }

    public EngineStatus Status => _engine.Status;

    public Task<ModelDescription> WaitForModelAsync(CancellationToken cancellationToken) => _engine.WaitForModelAsync(cancellationToken);

    public ValueTask<int> CountTokensAsync(string text, CancellationToken cancellationToken) => _engine.CountTokensAsync(text, cancellationToken);

    public async IAsyncEnumerable<GenerationEvent> GenerateAsync(GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _logger.LogInformation("Prompt: {Prompt}", string.Concat(request.Prompt.Select(part => part is PromptPart.Special special ? special.Name : ((PromptPart.Text)part).Value)));
        var answer = new StringBuilder();
        try
        {
            await foreach (var next in _engine.GenerateAsync(request, cancellationToken))
            {
                if (next is GenerationEvent.Token token)
                {
                    answer.Append(token.Special ?? token.Text);
                }

                yield return next;
            }
        }
        finally
        {
            _logger.LogInformation("Answer: {Answer}", answer.ToString());
        }
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();
}
