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

    /// <summary>It asks for a code action's edit when the action was chosen.</summary>
    public bool ResolvesActions { get; init; }

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

    public static ClientProfile Resolve(InitializeParams parameters) => new(
        parameters.ClientInfo is { } client ? $"{client.Name} {client.Version}".TrimEnd() : Unknown.Name,
        parameters.ProcessId,
        parameters.Capabilities?.Window?.WorkDoneProgress ?? false,
        WantsStatusNotification(parameters.Capabilities?.Experimental))
    {
        InlineCompletion = parameters.Capabilities?.TextDocument?.InlineCompletion is not null,
        ResolvesActions = parameters.Capabilities?.TextDocument?.CodeAction is { DataSupport: true, ResolveSupport: { } resolve } && resolve.Properties.Contains("edit"),
        ShowsDisabledActions = parameters.Capabilities?.TextDocument?.CodeAction?.DisabledSupport ?? false,
        AnswersConfiguration = parameters.Capabilities?.Workspace?.Configuration ?? false,
        RegistersConfiguration = parameters.Capabilities?.Workspace?.DidChangeConfiguration?.DynamicRegistration ?? false,
        AppliesEdits = parameters.Capabilities?.Workspace?.ApplyEdit ?? false,
        DocumentChanges = parameters.Capabilities?.Workspace?.WorkspaceEdit?.DocumentChanges ?? false,
        CreatesFiles = parameters.Capabilities?.Workspace?.WorkspaceEdit is { DocumentChanges: true, ResourceOperations: { } operations } && operations.Contains("create"),
        ChangeAnnotations = parameters.Capabilities?.Workspace?.WorkspaceEdit?.ChangeAnnotationSupport is not null,
        ShowsDocuments = parameters.Capabilities?.Window?.ShowDocument?.Support ?? false,
        AsksPerson = parameters.Capabilities?.Window?.ShowMessage is not null,
        WatchesFiles = parameters.Capabilities?.Workspace?.DidChangeWatchedFiles?.DynamicRegistration ?? false,
    };

    private static bool WantsStatusNotification(JsonElement? experimental) =>
        experimental is { ValueKind: JsonValueKind.Object } members
        && members.TryGetProperty("gptOss", out var ours) && ours.ValueKind == JsonValueKind.Object
        && ours.TryGetProperty("statusNotification", out var wanted) && wanted.ValueKind == JsonValueKind.True;
}
