using GptOss.CodeAssist.CSharpContext.Related;
using GptOss.CodeAssist.CSharpContext.Workspace;
using Microsoft.Extensions.Time.Testing;

namespace GptOss.CodeAssist.CSharpContext.Tests.Related;

public sealed class RelatedDeadlineTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly FolderUnderTest _folder = FolderUnderTest.Create("// file: A.cs\nclass A { void M() { ; } }\n// file: B.cs\nclass B { }\n");
    private readonly CSharpWorkspace _workspace;

    public RelatedDeadlineTests() => _workspace = _folder.Open();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _workspace.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task After_the_hard_deadline_the_answer_is_what_is_there_and_the_rest_comes_with_the_next_late_one()
    {
        using var slow = new GatedSource();
        var finder = new RelatedCodeFinder(_workspace, [slow], _time);
        var first = FindAsync(finder);
        await slow.Began(1);
        _time.Advance(TimeSpan.FromMilliseconds(51));
        var late = await first;
        Assert.Equal(["at once"], late.Items.Select(item => item.Symbol));
        Assert.False(late.IsComplete);
        Assert.Contains("not ready in time", late.Sources[0].Problem, StringComparison.Ordinal);

        slow.Open();
        await finder.Finishing.WaitAsync(Token);
        slow.Close();
        await slow.Began(2);
        var second = FindAsync(finder);
        await slow.Began(3);
        _time.Advance(TimeSpan.FromMilliseconds(51));
        Assert.Equal(["at once", "later"], (await second).Items.Select(item => item.Symbol));
        slow.Open();
        await finder.Finishing.WaitAsync(Token);
    }

    [Fact]
    public async Task The_answer_comes_before_the_hard_deadline_and_not_at_it()
    {
        using var slow = new GatedSource();
        var finder = new RelatedCodeFinder(_workspace, [slow], _time);
        var search = FindAsync(finder);
        await slow.Began(1);
        _time.Advance(TimeSpan.FromMilliseconds(36));
        Assert.Equal(["at once"], (await search).Items.Select(item => item.Symbol));
        slow.Open();
        await finder.Finishing.WaitAsync(Token);
    }

    [Fact]
    public async Task After_the_soft_deadline_a_source_is_told_to_begin_nothing_more()
    {
        var finder = new RelatedCodeFinder(_workspace, [new DawdlingSource(_time)], _time);
        var related = await FindAsync(finder);
        Assert.Equal(["piece 0", "piece 1", "piece 2", "piece 3"], related.Items.Select(item => item.Symbol));
        Assert.False(related.IsComplete);
        await finder.Finishing.WaitAsync(Token);
        Assert.Equal(8, (await FindAsync(finder)).Items.Length);
        await finder.Finishing.WaitAsync(Token);
    }

    [Fact]
    public async Task A_source_that_fails_is_named_and_costs_nothing_but_its_items()
    {
        var related = await FindAsync(new RelatedCodeFinder(_workspace, [new FailingSource(), new QuickSource()], _time));
        Assert.Equal(["quick"], related.Items.Select(item => item.Symbol));
        Assert.Equal("It failed: InvalidOperationException: a walk went wrong", related.Sources[0].Problem);
    }

    [Fact]
    public async Task A_cancelled_search_leaves_nothing_to_the_background()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var slow = new GatedSource();
        var finder = new RelatedCodeFinder(_workspace, [slow], _time);
        var search = FindAsync(finder, cancellation.Token);
        await slow.Began(1);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => search);
        Assert.True(finder.Finishing.IsCompleted);
        slow.Open();
    }

    [Theory]
    [InlineData("class A { void M() { /* a $0 */ } }", "in a comment")]
    [InlineData("using System.$0", "in a using directive")]
    [InlineData("class A { int n = 12$03; }", "in a literal")]
    public async Task Where_nothing_can_be_wanted_nothing_is_looked_for(string marked, string because)
    {
        var caret = marked.IndexOf("$0", StringComparison.Ordinal);
        var document = CSharpDocument.Parse(_folder.File("A.cs"), Microsoft.CodeAnalysis.Text.SourceText.From(marked.Remove(caret, 2)), null, Token);
        var related = await new RelatedCodeFinder(_workspace, [new QuickSource()], _time).FindAsync(document, caret, ContextDeadline.Keystroke, Token);
        Assert.Empty(related.Items);
        Assert.Contains(because, related.SkippedBecause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_alone_in_its_workspace_needs_nothing()
    {
        using var folder = FolderUnderTest.Create("// file: A.cs\nclass A { void M() { ; } }\n");
        await using var workspace = folder.Open();
        await workspace.Indexed;
        var document = CSharpDocument.Parse(folder.File("A.cs"), workspace.FindText(folder.File("A.cs"))!, null, Token);
        var related = await new RelatedCodeFinder(workspace).FindAsync(document, 20, ContextDeadline.Patient, Token);
        Assert.Equal("The workspace holds no other file.", related.SkippedBecause);
    }

    [Fact]
    public async Task A_project_that_could_not_be_compiled_is_the_reason_that_is_given()
    {
        var entry = new ProjectEntry(await FirstProjectAsync());
        await Assert.ThrowsAsync<InvalidDataException>(() => entry.GetOrBuild(() => throw new InvalidDataException("an assembly is torn")));
        Assert.Null(entry.Compiled);
        Assert.Contains("could not be compiled (an assembly is torn)", entry.Failure, StringComparison.Ordinal);
        entry.Replace(_folder.File("A.cs"), null);
        Assert.Null(entry.Failure);
    }

    private async Task<ProjectDescription> FirstProjectAsync()
    {
        await _workspace.Loaded;
        return _workspace.Projects[0];
    }

    private async Task<RelatedCode> FindAsync(RelatedCodeFinder finder, CancellationToken? cancellation = null)
    {
        var document = CSharpDocument.Parse(_folder.File("A.cs"), Microsoft.CodeAnalysis.Text.SourceText.From("class A { void M() { ; } }"), null, Token);
        return await finder.FindAsync(document, 21, ContextDeadline.Keystroke, cancellation ?? Token);
    }

    private static RelatedItem Item(string symbol) => new(RelatedKind.TypeOutline, symbol, "", "for the test", 1, symbol);

    private sealed class QuickSource : IRelatedSource
    {
        public string Name => "quick";

        public string? Find(RelatedRequest request, Action<RelatedItem> add, Func<bool> isLate, CancellationToken cancellationToken)
        {
            add(Item("quick"));
            return null;
        }
    }

    private sealed class FailingSource : IRelatedSource
    {
        public string Name => "failing";

        public string? Find(RelatedRequest request, Action<RelatedItem> add, Func<bool> isLate, CancellationToken cancellationToken) => throw new InvalidOperationException("a walk went wrong");
    }

    /// <summary>Ten milliseconds of the test's clock for each of eight pieces.</summary>
    private sealed class DawdlingSource(FakeTimeProvider time) : IRelatedSource
    {
        public string Name => "dawdling";

        public string? Find(RelatedRequest request, Action<RelatedItem> add, Func<bool> isLate, CancellationToken cancellationToken)
        {
            for (var piece = 0; piece < 8 && !isLate(); piece++)
            {
                add(Item($"piece {piece}"));
                time.Advance(TimeSpan.FromMilliseconds(10));
            }

            return null;
        }
    }

    /// <summary>Hands over one item, then stands in the middle of its work, deaf to every deadline, until it is let go.</summary>
    private sealed class GatedSource : IRelatedSource, IDisposable
    {
        private readonly SemaphoreSlim _began = new(0);
        private readonly ManualResetEventSlim _gate = new();
        private int _awaited;

        public string Name => "slow";

        public string? Find(RelatedRequest request, Action<RelatedItem> add, Func<bool> isLate, CancellationToken cancellationToken)
        {
            add(Item("at once"));
            _began.Release();
            _gate.Wait(cancellationToken);
            add(Item("later"));
            return null;
        }

        /// <summary>Ends when the source has been called so often.</summary>
        public async Task Began(int times)
        {
            for (; _awaited < times; _awaited++)
            {
                await _began.WaitAsync(Token);
            }
        }

        public void Open() => _gate.Set();

        public void Close() => _gate.Reset();

        public void Dispose()
        {
            _began.Dispose();
            _gate.Dispose();
        }
    }
}
