using Spectre.Console;

namespace GptOss.CodeAssist.Cli.Showing;

/// <summary>Shows a unified diff in the usual colours.</summary>
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
            console.Write(line.Replace("\t", "    ", StringComparison.Ordinal), style);
            console.WriteLine();
        }
    }
}
