using System.Diagnostics;

namespace GptOss.CodeAssist.Cli;

/// <summary>Starts this program once more, as an editor would.</summary>
internal static class ServerProcess
{
    /// <param name="arguments">The command line after the program's name.</param>
    public static ServerStreams Start(IReadOnlyList<string> arguments)
    {
        var program = Environment.ProcessPath ?? throw CommandFailure.Failed("The system does not say where this program lies, so that it cannot be started again; start it by its full path.");
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ServerProcess).Assembly.Location);
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start) ?? throw CommandFailure.Failed($"{program} could not be started.");
        return new ServerStreams(process.StandardInput.BaseStream, process.StandardOutput.BaseStream, WaitAsync(process));
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
