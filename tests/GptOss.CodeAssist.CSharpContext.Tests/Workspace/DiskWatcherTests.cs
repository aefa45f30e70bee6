using System.Threading.Channels;
using GptOss.CodeAssist.CSharpContext.Workspace;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace GptOss.CodeAssist.CSharpContext.Tests.Workspace;

public sealed class DiskWatcherTests : IDisposable
{
    private readonly FolderUnderTest _folder = FolderUnderTest.Create("// file: a.cs\nclass A;\n// file: sub/b.cs\nclass B;\n// file: notes.txt\nhello\n");
    private readonly FakeTimeProvider _time = new();
    private readonly Channel<string> _changes = Channel.CreateUnbounded<string>();
    private readonly List<string> _degradations = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_made_changed_and_deleted_is_told_of_and_what_does_not_count_is_not()
    {
        using var watcher = Create();
        await watcher.StartAsync();

        _folder.Write("notes.txt", "other");
        _folder.Write("sub/new.cs", "class New;");
        await ExpectAsync("sub/new.cs");
        _folder.Write("a.cs", "class A { }");
        await ExpectAsync("a.cs");
        File.Delete(_folder.File("sub/b.cs"));
        await ExpectAsync("sub/b.cs");
        Assert.Empty(_degradations);
    }

    [Fact]
    public async Task Where_the_system_loses_events_the_folders_are_looked_at_again()
    {
        using var watcher = Create(folder => new FileSystemWatcher(folder) { Filter = "nothing is ever named so" });
        await watcher.StartAsync();
        _folder.Write("sub/b.cs", "class Changed;");
        File.Delete(_folder.File("a.cs"));

        watcher.Fail(new InternalBufferOverflowException());

        await ExpectAsync("sub/b.cs");
        await ExpectAsync("a.cs");
        Assert.Empty(_degradations);
    }

    [Fact]
    public async Task Where_the_system_refuses_the_folders_are_looked_at_from_time_to_time_and_it_is_said_why()
    {
        using var watcher = Create(_ => throw new IOException("the limit of inotify instances is reached"));
        await watcher.StartAsync();
        Assert.Contains("every 10 seconds or more", Assert.Single(_degradations), StringComparison.Ordinal);
        Assert.EndsWith("the limit of inotify instances is reached.", _degradations[0], StringComparison.Ordinal);

        _folder.Write("sub/new.cs", "class New;");
        _time.Advance(TimeSpan.FromSeconds(10));
        await ExpectAsync("sub/new.cs");
        _folder.Write("a.cs", "class Changed;");
        await AdvanceUntilAsync("a.cs");
    }

    [Fact]
    public async Task A_watcher_that_breaks_is_replaced_by_looking()
    {
        using var watcher = Create();
        await watcher.StartAsync();
        watcher.Fail(new IOException("the watched folder is gone"));
        Assert.Single(_degradations);
        _folder.Write("a.cs", "class Changed;");
        await AdvanceUntilAsync("a.cs");
    }

    [Fact]
    public async Task A_workspace_that_watches_takes_in_what_changes()
    {
        using var folder = FolderUnderTest.Create("// file: a.cs\nclass A;\n");
        await using var workspace = folder.Open();
        await workspace.PrepareDocumentAsync(folder.File("a.cs"), Token);
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        workspace.TextLeftToDisk += path => _ = path.EndsWith("b.cs", StringComparison.Ordinal) && changed.TrySetResult();
        await workspace.WatchDiskAsync();
        folder.Write("b.cs", "class Newcomer;");
        await changed.Task.WaitAsync(Token);
        var document = await workspace.PrepareDocumentAsync(folder.File("a.cs"), Token);
        Assert.NotNull(document!.Project!.Compilation.GetTypeByMetadataName("Newcomer"));
        Assert.DoesNotContain(workspace.Degradations, degradation => degradation.Contains("looked for", StringComparison.Ordinal));
    }

    /// <summary>A look may be under way when the time is advanced; the next one is due a rest later.</summary>
    private async Task AdvanceUntilAsync(string file)
    {
        var expected = ExpectAsync(file);
        while (!expected.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            await Task.Yield();
        }

        await expected;
    }

    private async Task ExpectAsync(string file)
    {
        await foreach (var path in _changes.Reader.ReadAllAsync(Token))
        {
            Assert.EndsWith(".cs", path, StringComparison.Ordinal);
            if (path == _folder.File(file))
            {
                return;
            }
        }
    }

    private DiskWatcher Create(Func<string, FileSystemWatcher>? create = null) => new(
        [_folder.Path],
        _ => Directory.EnumerateFiles(_folder.Path, "*.cs", SearchOption.AllDirectories),
        path => path.EndsWith(".cs", StringComparison.Ordinal),
        paths => paths.ToList().ForEach(path => _changes.Writer.TryWrite(path)),
        _degradations.Add,
        _time,
        NullLogger.Instance)
    {
        Create = create ?? DiskWatcher.OfSystem,
    };
}
