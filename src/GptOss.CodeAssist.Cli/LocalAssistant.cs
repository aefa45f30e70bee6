using System.Collections.Concurrent;
using System.Globalization;
using GptOss.CodeAssist.Assistant;
using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.Cli.Showing;
using GptOss.CodeAssist.Cli.Verbs;
using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.Inference.Llama;
using GptOss.CodeAssist.Settings;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Cli;

/// <summary>The assistant's parts put together around one engine: what a server serves and what <c>complete</c> asks are the same.</summary>
internal sealed class LocalAssistant : IAsyncDisposable
{
    private readonly CliEnvironment _environment;
    private readonly ConcurrentDictionary<string, string?> _folders = new(StringComparer.Ordinal);

    private LocalAssistant(CliEnvironment environment, IInferenceEngine engine, string modelPath, SettingsStore settings, ILogger logger, FolderTrust? trust, ICompletionFeedback? feedback)
    {
        _environment = environment;
        var time = environment.Time;
        Engine = engine;
        ModelPath = modelPath;
        Workspaces = new CSharpWorkspaces(WorkspaceFolder.FindMarked, logger, time, trust);
        Completion = new ConfiguredCompletion(
            options => new CompletionService(engine, options, logger, time, Workspaces) { Feedback = feedback },
            path => ConfiguredEngine.ReadPolicy(settings.For(FindFolder(path))));
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
    /// <param name="feedback">Hears what becomes of completions; null counts none.</param>
    /// <param name="settings">Read again while the assistant lives; null opens the user's.</param>
    public static LocalAssistant Start(CliEnvironment environment, string? modelPath, ILogger logger, Func<LlamaEngineOptions, LlamaEngineOptions>? change = null, FolderTrust? trust = null, SettingsStore? settings = null, ICompletionFeedback? feedback = null)
    {
        settings ??= environment.OpenSettings();
        var path = Cli.ModelPath.Resolve(environment, modelPath);
        var options = ConfiguredEngine.Apply(new LlamaEngineOptions { ModelPath = path }, settings.For(null));
        var engine = environment.StartEngine(change?.Invoke(options) ?? options, logger);
        return new LocalAssistant(environment, settings.For(null).Get(SettingsSchema.LogPrompts) ? new PromptLog(engine, logger) : engine, path, settings, logger, trust, feedback);
    }

    /// <summary>Waits until the model is loaded.</summary>
    /// <exception cref="CommandFailure">It could not be loaded; says why.</exception>
    public async Task<ModelDescription> WaitForModelAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await WaitingLine.ShowAsync(_environment, Describe, Engine.WaitForModelAsync(cancellationToken));
        }
        catch (InferenceException exception)
        {
            throw CommandFailure.Failed(exception.Message);
        }

        string Describe() => Engine.Status is EngineStatus.Loading { Fraction: var fraction } ? string.Create(CultureInfo.InvariantCulture, $"Loading the model ({fraction:P0})") : "Loading the model";
    }

    /// <summary>Asked for every keystroke, so that it is looked up once a folder.</summary>
    private string? FindFolder(string path) => _folders.GetOrAdd(Path.GetDirectoryName(path) ?? "", _ => WorkspaceFolder.FindMarked(path));

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        await Workspaces.DisposeAsync();
    }
}
