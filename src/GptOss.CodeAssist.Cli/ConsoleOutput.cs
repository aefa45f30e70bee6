using System.Text;
using Spectre.Console;

namespace GptOss.CodeAssist.Cli;

/// <summary>Tells Spectre.Console about an output that it cannot recognise as the process's own.</summary>
internal sealed class ConsoleOutput(TextWriter writer, bool isTerminal) : IAnsiConsoleOutput
{
    /// <summary>What is piped or written to a file is for tools such as grep, which want a finding on one line.</summary>
    private const int Unwrapped = 10_000;

    public TextWriter Writer => writer;

    public bool IsTerminal => isTerminal;

    public int Width => isTerminal && Console.WindowWidth > 0 ? Console.WindowWidth : Unwrapped;

    public int Height => isTerminal && Console.WindowHeight > 0 ? Console.WindowHeight : 40;

    public void SetEncoding(Encoding encoding)
    {
        // The writer is UTF-8 already.
    }
}
