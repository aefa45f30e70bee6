using Spectre.Console;

namespace GptOss.CodeAssist.Cli.Showing;

/// <summary>Shows a unified diff in the usual colours.</summary>
/// <remarks>Control characters of the model's, escape sequences among them, never reach a terminal.</remarks>
internal static class DiffView
{
    public static void Draw(IAnsiConsole console, string diff)
    {
        foreach (var line in diff.TrimEnd('\n').Split('\n'))
        {
            var style = line switch
            {
                ['+', '+', '+', ..] or ['-', '-', '-', ..] => new Style(decoration: Decoration.Bold),
                ['+', ..] => new Style(Color.Green),
                ['-', ..] => new Style(Color.Red),
                ['@', ..] => new Style(Color.Teal),
                _ => Style.Plain,
            };
            console.Write(string.Concat(line.Replace("\t", "    ", StringComparison.Ordinal).Where(character => !char.IsControl(character))), style);
            console.WriteLine();
        }
    }
}
