using GptOss.CodeAssist.Assistant;
using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.Cli.Verbs;
using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.Inference.Llama;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Cli;

/// <summary>The assistant's parts put together around one engine: what a server serves and what <c>complete</c> asks are the same.</summary>
internal sealed class LocalAssistant : IAsyncDisposable
{
    private LocalAssistant(IInferenceEngine engine, string modelPath, ILogger logger, TimeProvider time, FolderTrust? trust)
    {
        Engine = engine;
        ModelPath = modelPath;
        Workspaces = new CSharpWorkspaces(WorkspaceFolder.FindMarked, logger, time, trust);
        Completion = new CompletionService(engine, CompletionOptions.Default, logger, time, Workspaces);
        Status = new AssistantStatusSource(engine);
    }

    public IInferenceEngine Engine { get; }

    public string ModelPath { get; }

    public ICompletionService Completion { get; }

    /// <summary>The C# projects around the documents that are worked on.</summary>
    public CSharpWorkspaces Workspaces { get; }

    public AssistantStatusSource Status { get; }

    /// <summary>Starts loading the model and returns at once.</summary>
    /// <param name="modelPath">The user's choice, a path or a name of `model list`; null takes the model beside the program.</param>
    /// <param name="change">Changes the engine's options; null leaves the defaults.</param>
    /// <param name="trust">Which folders MSBuild may load; null trusts none.</param>
    public static LocalAssistant Start(CliEnvironment environment, string? modelPath, ILogger logger, Func<LlamaEngineOptions, LlamaEngineOptions>? change = null, FolderTrust? trust = null)
    {
        var path = Cli.ModelPath.Resolve(environment, modelPath);
        var options = new LlamaEngineOptions { ModelPath = path };
        return new LocalAssistant(environment.StartEngine(change?.Invoke(options) ?? options, logger), path, logger, environment.Time, trust);
    }

    /// <summary>Waits until the model is loaded.</summary>
    /// <exception cref="CommandFailure">It could not be loaded; says why.</exception>
    public async Task<ModelDescription> WaitForModelAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await Engine.WaitForModelAsync(cancellationToken);
        }
        catch (InferenceException exception)
        {
            throw CommandFailure.Failed(exception.Message);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        await Workspaces.DisposeAsync();
    }
}
