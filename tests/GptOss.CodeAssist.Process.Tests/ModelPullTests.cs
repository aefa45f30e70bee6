using System.Diagnostics;
using GptOss.CodeAssist.TestSupport;
using GptOss.CodeAssist.TestSupport.Hub;

namespace GptOss.CodeAssist.Process.Tests;

/// <summary><c>model pull</c> in a process of its own that meets what no program can prevent.</summary>
public sealed class ModelPullTests : IAsyncDisposable
{
    private const string Name = "owner/repo:starter.gguf";
    private const int PieceBytes = 16 * 1024 * 1024;
    private static readonly string Starter = Path.Combine(Path.GetDirectoryName(SpawnedServer.Program)!, "models", "starter.gguf");

    private readonly HubServer _hub = new();
    private readonly TemporaryFolder _folder = new();
    private readonly TaskCompletionSource _isSecondPieceWanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _mayGoOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ModelPullTests()
    {
        _hub.Files["owner/repo/starter.gguf"] = File.ReadAllBytes(Starter);
        // One connection asks for a piece when the one before has been written.
        _hub.Misbehave = (request, usual) =>
        {
            if (!request.IsForBytes || request.From != PieceBytes)
            {
                return null;
            }

            _isSecondPieceWanted.TrySetResult();
            return usual with { Gate = _mayGoOn.Task };
        };
    }

    private string[] Pull => ["model", "pull", Name, "--endpoint", _hub.Endpoint, "--connections", "1", "--set", $"modelsFolder={_folder.PathOf("models")}", "--json"];

    [Fact]
    public async Task A_pull_that_is_killed_goes_on_with_the_pieces_that_it_has()
    {
        using (var killed = Start(Pull))
        {
            await _isSecondPieceWanted.Task;
            killed.Kill();
            await killed.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(["starter.gguf.chunks", "starter.gguf.partial"], FilesLeft());
        _hub.Misbehave = null;
        _hub.Requests.Clear();
        using var second = Start(Pull);
        var output = await second.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await second.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, second.ExitCode);
        Assert.Contains("\"verified\":true", output, StringComparison.Ordinal);
        Assert.Equal([PieceBytes, 2 * PieceBytes], _hub.Requests.Where(request => request is { IsForBytes: true, To: not 0 }).Select(request => request.From!.Value));
        Assert.Equal(["starter.gguf", "starter.gguf.model.json"], FilesLeft());
    }

    [Fact]
    public async Task A_disk_that_fills_ends_the_pull_with_a_sentence_and_keeps_the_pieces()
    {
        await using var shell = await UnsharedShell.FindAsync("--mount");
        Assert.SkipWhen(shell is null, "This system lets no user mount a file system.");
        var models = _folder.PathOf("models");
        Directory.CreateDirectory(models);
        Assert.Equal((0, ""), await shell.RunAsync($"mount -t tmpfs -o size=700m none {models}"));
        Assert.Equal((0, ""), await shell.RunAsync($"{UnsharedShell.ProgramLine(Pull)} >{_folder.PathOf("output")} 2>&1 & pull=$!"));
        await _isSecondPieceWanted.Task;
        // What another program would write in the meantime.
        Assert.Equal((0, ""), await shell.RunAsync($"mount -o remount,size=20m {models}"));
        _mayGoOn.SetResult();

        var (code, last) = await shell.RunAsync($"wait $pull; code=$?; tail -n 1 {_folder.PathOf("output")}; (exit $code)");

        Assert.Equal(1, code);
        Assert.Matches($"^The disk with {models} is full. What has come is kept: make room for 0.6 GB .* and ask once more to go on.$", last);

        var (again, refusal) = await shell.RunProgramAsync(Pull);
        Assert.Equal(1, again);
        Assert.StartsWith($"{Name} needs 0.6 GB more in {models}", refusal.Split('\n')[^1], StringComparison.Ordinal);

        Assert.Equal((0, ""), await shell.RunAsync($"mount -o remount,size=700m {models}"));
        _hub.Requests.Clear();
        var (end, output) = await shell.RunProgramAsync(Pull);
        Assert.True(end == 0, output);
        Assert.Contains("\"verified\":true", output, StringComparison.Ordinal);
        Assert.DoesNotContain(_hub.Requests, request => request is { IsForBytes: true, To: not 0, From: < PieceBytes });
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        _folder.Dispose();
    }

    private string[] FilesLeft() => [.. Directory.EnumerateFiles(_folder.PathOf("models"), "*", SearchOption.AllDirectories).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    private static System.Diagnostics.Process Start(string[] arguments) =>
        System.Diagnostics.Process.Start(new ProcessStartInfo("dotnet", ["exec", SpawnedServer.Program, .. arguments]) { RedirectStandardOutput = true })!;
}
