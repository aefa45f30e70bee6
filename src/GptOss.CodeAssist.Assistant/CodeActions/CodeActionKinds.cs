using System.Text.Json;

namespace GptOss.CodeAssist.Assistant.CodeActions;

/// <summary>The kinds' names in commands, on the command line and of prompt files.</summary>
public static class CodeActionKinds
{
    /// <summary>For instance <c>loop-to-linq</c>.</summary>
    public static string NameOf(CodeActionKind kind) => JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString());

    /// <summary>Null for a name that no kind has.</summary>
    public static CodeActionKind? Find(string name) =>
        Enum.GetValues<CodeActionKind>().Cast<CodeActionKind?>().FirstOrDefault(kind => NameOf(kind!.Value) == name);
}
