using System.Diagnostics;
using System.Reflection;
using GptOss.CodeAssist.Server.Testing;

namespace GptOss.CodeAssist.Process.Tests;

/// <summary><c>gptoss-codeassist serve</c> in a process of its own.</summary>
internal sealed class SpawnedServer : IAsyncDisposable
{
    private readonly System.Diagnostics.Process _process;
    private readonly Task<string> _errors;

    private SpawnedServer(System.Diagnostics.Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
        Client = new LspClient(process.StandardInput.BaseStream, process.StandardOutput.BaseStream);
    }

    public LspClient Client { get; }

    public static string Program => Metadata("Program");

    public static SpawnedServer Start(params string[] arguments) => Start([], null, arguments);

    /// <param name="prefix">A command that starts what follows it; empty for none.</param>
    /// <param name="engines">The folder of shared engines; null leaves the user's.</param>
    public static SpawnedServer Start(IReadOnlyList<string> prefix, string? engines, params string[] arguments)
    {
        string[] command = [.. prefix, "dotnet", "exec", Program, "serve", .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        if (engines is not null)
        {
            start.Environment["GPTOSS_ENGINE_DIR"] = engines;
        }

        return new SpawnedServer(System.Diagnostics.Process.Start(start)!);
    }

    public static string Metadata(string key) =>
        typeof(SpawnedServer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == key).Value!;

    public Task InitializeAsync(string capabilities = "{}") => Client.RequestAsync("initialize", $$"""{"processId":{{Environment.ProcessId}},"rootUri":null,"capabilities":{{capabilities}}}""");

    /// <summary>What the process left behind: its exit code and everything on stderr.</summary>
    public async Task<(int Code, string Errors)> WaitForExitAsync()
    {
        await Client.Bounded(_process.WaitForExitAsync().ContinueWith(_ => true, TaskScheduler.Default), "the process's end");
        return (_process.ExitCode, await _errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await Client.DisposeAsync();
        _process.Dispose();
    }
}
