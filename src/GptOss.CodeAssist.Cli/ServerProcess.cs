using System.Diagnostics;

namespace GptOss.CodeAssist.Cli;

/// <summary>Starts this program once more, as an editor would.</summary>
internal static class ServerProcess
{
    /// <param name="arguments">The command line after the program's name.</param>
    public static ServerStreams Start(IReadOnlyList<string> arguments)
    {
        string[] command = [.. FindProgram()];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start) ?? throw CommandFailure.Failed($"{command[0]} could not be started.");
        return new ServerStreams(process.StandardInput.BaseStream, process.StandardOutput.BaseStream, WaitAsync(process));
    }

    /// <summary>The beginning of a command line that starts this program.</summary>
    /// <exception cref="CommandFailure">The system does not say where it lies.</exception>
    public static IReadOnlyList<string> FindProgram()
    {
        var program = Environment.ProcessPath ?? throw CommandFailure.Failed("The system does not say where this program lies, so that it cannot be started again; start it by its full path.");
        return Path.GetFileNameWithoutExtension(program) == "dotnet" ? [program, typeof(ServerProcess).Assembly.Location] : [program];
    }

    private static async Task<int> WaitAsync(Process process)
    {
        using (process)
        {
            await process.WaitForExitAsync();
            return process.ExitCode;
        }
    }
}
