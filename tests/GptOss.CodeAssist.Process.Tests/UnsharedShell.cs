using System.Diagnostics;

namespace GptOss.CodeAssist.Process.Tests;

/// <summary>A shell in namespaces of its own, in which any user may mount file systems or is without a network. Linux only.</summary>
internal sealed class UnsharedShell : IAsyncDisposable
{
    private const string Mark = "-- the command ended with ";
    private readonly System.Diagnostics.Process _shell;

    private UnsharedShell(System.Diagnostics.Process shell) => _shell = shell;

    /// <param name="kind">What is not shared with the system: <c>--net</c> or <c>--mount</c>.</param>
    /// <param name="environment">Variables beside those of this process.</param>
    /// <returns>The shell; null where the system gives no user such a thing.</returns>
    public static async Task<UnsharedShell?> FindAsync(string kind, params IEnumerable<(string Name, string Value)> environment)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        string[] command = CommandLine(kind);
        var start = new ProcessStartInfo(command[0], [.. command[1..], "sh"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        UnsharedShell shell;
        try
        {
            shell = new UnsharedShell(System.Diagnostics.Process.Start(start)!);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }

        if (await shell.FindAnswerAsync("true") is (0, _))
        {
            return shell;
        }

        await shell.DisposeAsync();
        return null;
    }

    /// <summary>Whether the system gives its users such a thing.</summary>
    public static async Task<bool> IsPossibleAsync(string kind)
    {
        await using var shell = await FindAsync(kind);
        return shell is not null;
    }

    /// <summary>What is put before a command to run it so.</summary>
    public static string[] CommandLine(string kind) => ["unshare", "--user", "--map-root-user", kind, "--"];

    /// <summary>Runs a command and waits for its end.</summary>
    /// <returns>Its exit code and all that it wrote.</returns>
    public async Task<(int Code, string Output)> RunAsync(string command) =>
        await FindAnswerAsync(command) ?? throw new InvalidOperationException($"The shell ended: {await _shell.StandardError.ReadToEndAsync()}");

    /// <summary>Runs this program.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public Task<(int Code, string Output)> RunProgramAsync(params string[] arguments) => RunAsync(ProgramLine(arguments));

    /// <summary>How a shell starts this program.</summary>
    public static string ProgramLine(params string[] arguments) => string.Join(' ', ((string[])["dotnet", "exec", SpawnedServer.Program, .. arguments]).Select(word => $"'{word}'"));

    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        _shell.Kill(entireProcessTree: true);
        await _shell.WaitForExitAsync();
        _shell.Dispose();
    }

    private async Task<(int Code, string Output)?> FindAnswerAsync(string command)
    {
        try
        {
            await _shell.StandardInput.WriteAsync($"{{ {command}\n}} </dev/null 2>&1; ended=$?; echo; echo '{Mark}'$ended\n");
            await _shell.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            return null;
        }

        var lines = new List<string>();
        while (await _shell.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(Mark, StringComparison.Ordinal))
            {
                return (int.Parse(line[Mark.Length..], System.Globalization.CultureInfo.InvariantCulture), string.Join('\n', lines).Trim());
            }

            lines.Add(line);
        }

        return null;
    }
}
