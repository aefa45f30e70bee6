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

    public static SpawnedServer Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Program, "serve", .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
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
