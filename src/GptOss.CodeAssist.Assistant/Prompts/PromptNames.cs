using System.Collections.Immutable;

namespace GptOss.CodeAssist.Assistant.Prompts;

/// <summary>Every prompt there is, and the placeholders that its file may use.</summary>
internal static class PromptNames
{
    public const string Chat = "chat";
    public const string ChatQuestion = "chat-question";
    public const string Rewrite = "rewrite";
    public const string RewriteRequest = "rewrite-request";
    public const string Repair = "repair";
    public const string Follow = "follow";
    public const string Explain = "explain";

    private static readonly ImmutableHashSet<string> OfActions = ["member", "diagnostic", "instruction", "framework"];

    public static ImmutableSortedDictionary<string, ImmutableHashSet<string>> All { get; } = new Dictionary<string, ImmutableHashSet<string>>
    {
        [Chat] = ["has_tools"],
        [ChatQuestion] = ["references", "message"],
        [Rewrite] = [],
        [RewriteRequest] = ["task", "file", "context", "errors", "code"],
        [Repair] = ["errors"],
        [Follow] = ["member", "change"],
        [Explain] = ["file", "code"],
        [Action("fix")] = OfActions,
        [Action("document")] = OfActions,
        [Action("tests")] = OfActions,
        [Action("implement")] = OfActions,
        [Action("extract-method")] = OfActions,
        [Action("simplify")] = OfActions,
        [Action("make-async")] = OfActions,
        [Action("validate-arguments")] = OfActions,
        [Action("loop-to-linq")] = OfActions,
        [Action("linq-to-loop")] = OfActions,
        [Action("rename-locals")] = OfActions,
        [Action("rename")] = ["symbol", "file", "code", "uses", "errors"],
        [Action("edit")] = OfActions,
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>The prompt of a code action.</summary>
    public static string Action(string kind) => $"actions/{kind}";
}
