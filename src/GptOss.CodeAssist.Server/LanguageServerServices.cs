using GptOss.CodeAssist.Assistant;
using GptOss.CodeAssist.Assistant.Chat;
using GptOss.CodeAssist.Assistant.CodeActions;
using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.Settings;

namespace GptOss.CodeAssist.Server;

/// <summary>What the composition root gives the server.</summary>
/// <param name="Completion">Answers inline completions.</param>
/// <param name="Status">How the assistant is.</param>
/// <param name="Version">The program's version, shown to editors.</param>
public sealed record LanguageServerServices(ICompletionService Completion, AssistantStatusSource Status, string Version)
{
    /// <summary>Hears what became of candidates; null when nobody listens.</summary>
    public ICompletionFeedback? Feedback { get; init; }

    /// <summary>The C# workspaces, which hear of closed documents; null where there are none.</summary>
    public CSharpWorkspaces? Workspaces { get; init; }

    /// <summary>Is called when the editor has the answer to its greeting; null where nothing waits for that.</summary>
    public Action? Greeted { get; init; }

    /// <summary>Is told what the editor's settings are; null for a server without settings.</summary>
    public SettingsStore? Settings { get; init; }

    /// <summary>Holds conversations; null for a server without chat.</summary>
    public IChatService? Chat { get; init; }

    /// <summary>Fetches models for a person who asks for it in the editor; null for a server that fetches none.</summary>
    public ModelFetching? FetchModel { get; init; }

    /// <summary>Offers and computes code actions; null for a server without any.</summary>
    public ICodeActionService? Actions { get; init; }
}
