using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace GptOss.CodeAssist.Tidy.Tests;

/// <summary>The layers and the table of references in ARCHITECTURE.md.</summary>
/// <param name="Layers">Each project's layer; a larger number may use a smaller one.</param>
/// <param name="Allowed">What each project may reference.</param>
internal sealed partial record LayerTable(ImmutableSortedDictionary<string, int> Layers, ImmutableSortedDictionary<string, ImmutableHashSet<string>> Allowed)
{
    public static LayerTable Read()
    {
        var page = Repository.Read("ARCHITECTURE.md");
        var layers = LayerLine().Matches(page)
            .SelectMany(line => line.Groups["projects"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(project => (project, layer: int.Parse(line.Groups["layer"].Value, null))))
            .ToImmutableSortedDictionary(pair => pair.project, pair => pair.layer, StringComparer.Ordinal);
        var allowed = page.Split('\n')
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(line => line.Trim().Trim('|').Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length == 4 && layers.ContainsKey(cells[0]))
            .ToImmutableSortedDictionary(cells => cells[0], cells => ParseReferences(cells[2], layers.Keys), StringComparer.Ordinal);
        return new LayerTable(layers, allowed);
    }

    private static ImmutableHashSet<string> ParseReferences(string cell, IEnumerable<string> all) => cell switch
    {
        "nothing" => [],
        "all" => [.. all],
        _ => [.. cell.Split(',', StringSplitOptions.TrimEntries)],
    };

    [GeneratedRegex(@"^(?<layer>\d)  (?<projects>[A-Za-z. ]+)\r?$", RegexOptions.Multiline)]
    private static partial Regex LayerLine();
}
