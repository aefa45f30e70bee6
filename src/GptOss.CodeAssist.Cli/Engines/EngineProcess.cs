using System.Diagnostics;
using GptOss.CodeAssist.EngineDaemon;

namespace GptOss.CodeAssist.Cli.Engines;

/// <summary>Starts this program once more to host an engine, in such a way that neither the editor's streams nor its end reach it.</summary>
internal static class EngineProcess
{
    /// <summary>The task completes when the process is gone.</summary>
    public static Task Start(EngineAddress address)
    {
        string[] command = [.. ServerProcess.FindProgram(), "engine", "run", address.OrderPath];
        if (OperatingSystem.IsWindows())
        {
            // Through the shell a process inherits no handles, so that an editor still sees our stdout end.
            var started = Process.Start(new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = true, WindowStyle = ProcessWindowStyle.Hidden })
                ?? throw new IOException($"{command[0]} could not be started.");
            return started.WaitForExitAsync();
        }

        if (File.Exists(address.LogPath))
        {
            File.Move(address.LogPath, address.LogPath + ".1", overwrite: true);
        }

        // The shell leaves at once, which makes the engine nobody's child: editors end the processes below them. It keeps one end of a pipe that tells us when it is gone.
        var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "\"$@\" </dev/null 2>\"$0\" &", address.LogPath, .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new IOException("/bin/sh could not be started.");
        return WaitAsync(shell);
    }

    private static async Task WaitAsync(Process shell)
    {
        using (shell)
        {
            await shell.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        }
    }
}
