using System.Diagnostics;
using System.Text.Json;

namespace GptOss.CodeAssist.Process.Tests;

/// <summary>A folder of shared engines for one test; disposing ends them.</summary>
internal sealed class EngineProcesses : IAsyncDisposable
{
    // Short: a socket's path has room for 104 bytes only.
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("gptoss-");

    public string Folder => Path.Combine(_parent.FullName, "e");

    /// <summary>A server that finds its engines here.</summary>
    public SpawnedServer StartServer(params string[] arguments) => SpawnedServer.Start([], Folder, arguments);

    /// <summary>The engines that run.</summary>
    public async Task<JsonElement[]> StatusAsync()
    {
        using var document = JsonDocument.Parse(await RunAsync("engine", "status", "--json"));
        return [.. document.RootElement.EnumerateArray().Select(element => element.Clone())];
    }

    public async Task<int> FindProcessAsync() => Assert.Single(await StatusAsync()).GetProperty("processId").GetInt32();

    public Task StopAsync() => RunAsync("engine", "stop");

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _parent.Delete(recursive: true);
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", SpawnedServer.Program, .. arguments]) { RedirectStandardOutput = true };
        start.Environment["GPTOSS_ENGINE_DIR"] = Folder;
        using var process = System.Diagnostics.Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
