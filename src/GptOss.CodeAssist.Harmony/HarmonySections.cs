using System.Text;

namespace GptOss.CodeAssist.Harmony;

/// <summary>Writes the text of system and developer messages: sections with a blank line between them.</summary>
internal static class HarmonySections
{
    public const string ToolsHeading = "# Tools";
    public const string FormatsHeading = "# Response Formats";

    public static string Render(HarmonyContent.System system, bool hasFunctions) => JoinSections(
    [
        string.Join('\n', new[]
        {
            system.ModelIdentity,
            system.KnowledgeCutoff is { } cutoff ? $"Knowledge cutoff: {cutoff}" : null,
            system.CurrentDate is { } date ? $"Current date: {date}" : null,
        }.Where(line => line is not null)),
        system.Effort is { } effort ? $"Reasoning: {effort.ToString().ToLowerInvariant()}" : "",
        RenderTools(system.Tools),
        RenderChannels(system, hasFunctions),
    ]);

    public static string Render(HarmonyContent.Developer developer) => JoinSections(
    [
        developer.Instructions is { } instructions ? $"# Instructions\n\n{instructions}" : "",
        RenderTools(developer.Tools),
        RenderFormats(developer.ResponseFormats),
    ]);

    private static string RenderChannels(HarmonyContent.System system, bool hasFunctions)
    {
        if (system.ValidChannels.IsEmpty)
        {
            return "";
        }

        var required = system.ChannelRequired ? " Channel must be included for every message." : "";
        var functions = hasFunctions ? $"\nCalls to these tools must go to the commentary channel: '{ToolNamespace.Functions}'." : "";
        return $"# Valid channels: {string.Join(", ", system.ValidChannels)}.{required}{functions}";
    }

    private static string RenderTools(IReadOnlyCollection<ToolNamespace> groups) => groups.Count == 0
        ? ""
        : JoinSections([ToolsHeading, .. groups.OrderBy(group => group.Name, StringComparer.Ordinal).Select(RenderNamespace)]);

    private static string RenderNamespace(ToolNamespace group)
    {
        var text = new StringBuilder($"## {group.Name}\n");
        var comment = group.Tools.IsEmpty ? "" : "// ";
        AppendLines(group.Description ?? "", comment, text);
        if (!group.Tools.IsEmpty)
        {
            text.Append($"\nnamespace {group.Name} {{\n");
            foreach (var tool in group.Tools)
            {
                AppendLines(tool.Description, "// ", text);
                var parameters = tool.Parameters is { } schema ? $"_: {TypeScriptTypes.FromJsonSchema(schema)}" : "";
                text.Append($"\ntype {tool.Name} = ({parameters}) => any;\n");
            }

            text.Append($"\n}} // namespace {group.Name}");
        }

        return text.ToString();
    }

    private static void AppendLines(string description, string prefix, StringBuilder text)
    {
        if (description.Length > 0)
        {
            var lines = description.ReplaceLineEndings("\n").Split('\n');
            foreach (var line in lines[^1].Length == 0 ? lines[..^1] : lines)
            {
                text.Append('\n').Append(prefix).Append(line);
            }
        }
    }

    private static string RenderFormats(IReadOnlyCollection<ResponseFormat> formats) => formats.Count == 0
        ? ""
        : JoinSections([FormatsHeading, .. formats.Select(RenderFormat)]);

    private static string RenderFormat(ResponseFormat format)
    {
        var description = format.Description is { } line ? $"// {line}\n" : "";
        return $"## {format.Name}\n\n{description}{TypeScriptTypes.CompactJson(format.Schema)}";
    }

    private static string JoinSections(IEnumerable<string> sections) => string.Join("\n\n", sections.Where(section => section.Length > 0));
}
