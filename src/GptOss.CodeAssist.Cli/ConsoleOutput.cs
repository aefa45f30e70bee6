using System.Text;
using Spectre.Console;

namespace GptOss.CodeAssist.Cli;

/// <summary>Tells Spectre.Console about an output that it cannot recognise as the process's own.</summary>
internal sealed class ConsoleOutput(TextWriter writer, bool isTerminal) : IAnsiConsoleOutput
{
    private const int UsualWidth = 120;

    public TextWriter Writer => writer;

    public bool IsTerminal => isTerminal;

    public int Width => isTerminal && Console.WindowWidth > 0 ? Console.WindowWidth : UsualWidth;

    public int Height => isTerminal && Console.WindowHeight > 0 ? Console.WindowHeight : 40;

    public void SetEncoding(Encoding encoding)
    {
        // The writer is UTF-8 already.
    }
}
