using System.Text.Json;
using GptOss.CodeAssist.Protocol;

namespace GptOss.CodeAssist.Server;

/// <summary>What the editor is and can do, resolved once.</summary>
/// <param name="Name">For the log.</param>
/// <param name="ProcessId">Null when the editor did not say.</param>
/// <param name="WorkDoneProgress">It shows progress that the server starts.</param>
/// <param name="StatusNotification">It wants <c>gptOss/didChangeStatus</c>.</param>
internal sealed record ClientProfile(string Name, int? ProcessId, bool WorkDoneProgress, bool StatusNotification)
{
    /// <summary>It shows ghost text.</summary>
    public bool InlineCompletion { get; init; }

    /// <summary>Editors that stand still while they ask for a code action's edit, and give up after some seconds, without a word. A command they send and go on.</summary>
    private static readonly string[] StandStill = ["helix", "Eglot"];

    /// <summary>It asks for a code action's edit when the action was chosen, and can wait for it.</summary>
    public bool ResolvesActions { get; init; }

    /// <summary>It shows the person why a request failed; others put it into a log, or say only that something did.</summary>
    public bool ShowsErrors { get; init; }

    /// <summary>It shows actions that cannot be taken, with the reason.</summary>
    public bool ShowsDisabledActions { get; init; }

    /// <summary>It applies edits that the server sends.</summary>
    public bool AppliesEdits { get; init; }

    /// <summary>It understands versioned edits of several documents.</summary>
    public bool DocumentChanges { get; init; }

    /// <summary>It creates files that an edit names.</summary>
    public bool CreatesFiles { get; init; }

    /// <summary>It asks the person before it applies changes that say so.</summary>
    public bool ChangeAnnotations { get; init; }

    /// <summary>It opens documents that the server names.</summary>
    public bool ShowsDocuments { get; init; }

    /// <summary>It shows questions with answers to choose from.</summary>
    public bool AsksPerson { get; init; }

    /// <summary>It watches files that the server names.</summary>
    public bool WatchesFiles { get; init; }

    /// <summary>It answers <c>workspace/configuration</c>.</summary>
    public bool AnswersConfiguration { get; init; }

    /// <summary>It tells of changed settings when the server has asked to be told.</summary>
    public bool RegistersConfiguration { get; init; }

    public static ClientProfile Unknown { get; } = new("unknown", null, false, false);

    public static ClientProfile Resolve(InitializeParams parameters)
    {
        var name = parameters.ClientInfo is { } client ? $"{client.Name} {client.Version}".TrimEnd() : Unknown.Name;
        var (textDocument, workspace, window) = (parameters.Capabilities?.TextDocument, parameters.Capabilities?.Workspace, parameters.Capabilities?.Window);
        var isOurs = WantsStatusNotification(parameters.Capabilities?.Experimental);
        return new ClientProfile(name, parameters.ProcessId, window?.WorkDoneProgress ?? false, isOurs)
        {
            InlineCompletion = textDocument?.InlineCompletion is not null,
            ResolvesActions = textDocument?.CodeAction is { DataSupport: true, ResolveSupport: { } resolve } && resolve.Properties.Contains("edit")
                && !StandStill.Any(editor => name.StartsWith(editor, StringComparison.Ordinal)),
            ShowsErrors = isOurs || name.StartsWith("Neovim", StringComparison.Ordinal),
            ShowsDisabledActions = textDocument?.CodeAction?.DisabledSupport ?? false,
            AnswersConfiguration = workspace?.Configuration ?? false,
            RegistersConfiguration = workspace?.DidChangeConfiguration?.DynamicRegistration ?? false,
            AppliesEdits = workspace?.ApplyEdit ?? false,
            DocumentChanges = workspace?.WorkspaceEdit?.DocumentChanges ?? false,
            CreatesFiles = workspace?.WorkspaceEdit is { DocumentChanges: true, ResourceOperations: { } operations } && operations.Contains("create"),
            ChangeAnnotations = workspace?.WorkspaceEdit?.ChangeAnnotationSupport is not null,
            ShowsDocuments = window?.ShowDocument?.Support ?? false,
            AsksPerson = window?.ShowMessage is not null,
            WatchesFiles = workspace?.DidChangeWatchedFiles?.DynamicRegistration ?? false,
        };
    }

    private static bool WantsStatusNotification(JsonElement? experimental) =>
        experimental is { ValueKind: JsonValueKind.Object } members
        && members.TryGetProperty("gptOss", out var ours) && ours.ValueKind == JsonValueKind.Object
        && ours.TryGetProperty("statusNotification", out var wanted) && wanted.ValueKind == JsonValueKind.True;
}
