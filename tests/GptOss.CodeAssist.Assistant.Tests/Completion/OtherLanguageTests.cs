using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.TestSupport;
using Microsoft.CodeAnalysis.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.Assistant.Tests.Completion;

/// <summary>What a model is told, and what of its answer is shown, where no compiler here understands the language.</summary>
public sealed class OtherLanguageTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ScriptedEngine _engine = new(ScriptedEngine.HarmonyModel);
    private readonly CSharpWorkspaces _workspaces;
    private readonly CompletionService _service;

    public OtherLanguageTests()
    {
        _workspaces = new CSharpWorkspaces(path => path.StartsWith(_folder.FullName, StringComparison.Ordinal) ? _folder.FullName : null, NullLogger.Instance);
        // Long enough for an index to be made on any machine.
        var options = CompletionOptions.Default with { Prefetch = false, InvokedCandidates = 1, ContextPatience = TimeSpan.FromMinutes(1) };
        _service = new CompletionService(_engine, options, NullLogger.Instance, workspace: _workspaces);
        Write("shop/basket.py", "def open_basket(customer):\n    lines = load_basket_lines(customer.basket_id)\n    return render_basket(lines, customer.locale)\n");
        Write("shop/secret_basket.py", "HIDDEN = load_basket_lines(customer.hidden_word)\n");
        Write(".env.py", "PASSWORD = load_basket_lines(customer.password_word)\n");
        Write(".gitignore", "secret_*.py\n");
    }

    public async ValueTask DisposeAsync()
    {
        await _workspaces.DisposeAsync();
        await _engine.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_neighbours_text_is_told_of_and_nothing_that_is_hidden_or_secret()
    {
        var prompt = await AskAsync("shop/view.py", "python", "def show(customer):\n    lines = load_basket_lines($0\n");

        Assert.Contains("Elsewhere in the project:\n```python\n", prompt, StringComparison.Ordinal);
        Assert.Contains("render_basket(lines, customer.locale)", prompt, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden_word", prompt, StringComparison.Ordinal);
        Assert.DoesNotContain("password_word", prompt, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_open_counts_as_the_editor_shows_it()
    {
        await AskAsync("shop/basket.py", "python", "def open_basket(customer):\n    lines = load_basket_lines(customer.basket_id)\n    return paint_basket(lines)\n$0");

        var prompt = await AskAsync("shop/view.py", "python", "def show(customer):\n    lines = load_basket_lines($0\n");

        Assert.Contains("paint_basket(lines)", prompt, StringComparison.Ordinal);
        Assert.DoesNotContain("render_basket", prompt, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_hidden_is_not_completed_at_all()
    {
        var (_, answer) = await CompleteAsync("shop/secret_view.py", "python", "lines = load_basket_lines($0\n");

        Assert.True(answer.Reason!.Is(EmptyReasonCode.ExcludedFile));
        Assert.Empty(_engine.Requests);
    }

    [Fact]
    public async Task An_answer_is_cut_before_what_closes_nothing()
    {
        _engine.Say("total(basket)", " }");

        var (_, answer) = await CompleteAsync("web/cart.ts", "typescript", "const sum = $0\n");

        Assert.Equal("total(basket)", Assert.Single(answer.Candidates).InsertText);
    }

    private async Task<string> AskAsync(string file, string language, string marked) => (await CompleteAsync(file, language, marked)).Prompt;

    private async Task<(string Prompt, CompletionAnswer Answer)> CompleteAsync(string file, string language, string marked)
    {
        var caret = marked.IndexOf("$0", StringComparison.Ordinal);
        var document = new DocumentSnapshot(Path.Combine(_folder.FullName, file), language, 1, SourceText.From(marked.Remove(caret, 2)));
        Directory.CreateDirectory(Path.GetDirectoryName(document.Path)!);
        var answer = await _service.CompleteAsync(new CompletionRequest(document, caret, CompletionTrigger.Invoked), TestContext.Current.CancellationToken);
        return (string.Concat((_engine.Requests.LastOrDefault()?.Prompt ?? []).OfType<PromptPart.Text>().Select(part => part.Value)), answer);
    }

    private void Write(string file, string text)
    {
        var path = Path.Combine(_folder.FullName, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
