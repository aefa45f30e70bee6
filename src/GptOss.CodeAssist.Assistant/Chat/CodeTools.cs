using System.Collections.Immutable;
using System.Text.Json;
using GptOss.CodeAssist.CSharpContext.Queries;
using GptOss.CodeAssist.Harmony;

namespace GptOss.CodeAssist.Assistant.Chat;

/// <summary>The functions with which a model looks into the solution, and into the workspace's other files.</summary>
internal static class CodeTools
{
    private const int MostLines = 60;
    private const int MostFiles = 200;
    private const string Name = """{"type":"object","properties":{"name":{"type":"string","description":"e.g. Stack or Stack.Push"}},"required":["name"]}""";

    public static ImmutableArray<ChatTool> For(CodeQueries queries) =>
    [
        Tool("find_symbol", "Finds where a type or member is declared, with its signature.", Name,
            (arguments, cancel) => queries.FindSymbolAsync(Text(arguments, "name"), MostLines, cancel)),
        Tool("read_symbol", "Reads the source text of a type or member.", Name,
            (arguments, cancel) => queries.ReadSymbolAsync(Text(arguments, "name"), cancel)),
        Tool("read_range", "Reads lines of a file of the workspace, code or not.",
            """
            {"type":"object","properties":{
              "path":{"type":"string","description":"relative to the workspace"},
              "first_line":{"type":"integer","default":1},
              "last_line":{"type":"integer","description":"included","default":200}},"required":["path"]}
            """,
            (arguments, cancel) => queries.ReadRangeAsync(Text(arguments, "path"), Number(arguments, "first_line", 1), Number(arguments, "last_line", 200), cancel)),
        Tool("list_members", "Lists the signatures of a type's members.", Name,
            (arguments, cancel) => queries.ListMembersAsync(Text(arguments, "name"), cancel)),
        Tool("find_references", "Lists the places that use a type or member.", Name,
            (arguments, cancel) => queries.FindReferencesAsync(Text(arguments, "name"), MostLines, cancel)),
        Tool("find_callers", "Lists the members that call a member.", Name,
            (arguments, cancel) => queries.FindCallersAsync(Text(arguments, "name"), MostLines, cancel)),
        Tool("diagnostics", "Lists the compiler's errors and warnings.",
            """{"type":"object","properties":{"path":{"type":"string","description":"one file; all of them when left out"}}}""",
            (arguments, cancel) => queries.DiagnosticsAsync(FindText(arguments, "path"), MostLines, cancel)),
        Tool("search_text", "Lists the lines of the workspace's files, code or not, that hold a text, letter case ignored.",
            """
            {"type":"object","properties":{
              "text":{"type":"string"},
              "files":{"type":"string","description":"only these, e.g. *.csproj or src/*.json"}},"required":["text"]}
            """,
            (arguments, cancel) => queries.SearchTextAsync(Text(arguments, "text"), FindText(arguments, "files"), MostLines, cancel)),
        Tool("list_files", "Lists the workspace's files.",
            """{"type":"object","properties":{"files":{"type":"string","description":"only these, e.g. *.md or docs/*"}}}""",
            (arguments, cancel) => Task.Run(() => queries.ListFiles(FindText(arguments, "files"), MostFiles, cancel), cancel)),
    ];

    private static ChatTool Tool(string name, string description, string schema, Func<JsonElement, CancellationToken, Task<string>> run) =>
        new(new ToolDefinition(name, description, JsonDocument.Parse(schema).RootElement), run);

    /// <exception cref="FormatException">It is missing; the message is for the model.</exception>
    private static string Text(JsonElement arguments, string name) =>
        FindText(arguments, name) ?? throw new FormatException($"The argument \"{name}\" is missing.");

    private static string? FindText(JsonElement arguments, string name) =>
        arguments.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static int Number(JsonElement arguments, string name, int whenMissing) =>
        arguments.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : whenMissing;
}
