using GptOss.CodeAssist.Assistant.Completion;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Assistant.Tests.Completion;

public sealed class ConfiguredCompletionTests
{
    private readonly List<CompletionOptions> _created = [];
    private readonly ConfiguredCompletion _completion;
    private CompletionPolicy _policy = new();

    public ConfiguredCompletionTests() => _completion = new ConfiguredCompletion(
        options =>
        {
            _created.Add(options);
            return new Answering();
        },
        _ => _policy);

    [Fact]
    public async Task What_is_switched_off_says_so_and_still_answers_when_asked()
    {
        _policy = new CompletionPolicy { IsEnabled = false };

        Assert.Equal("disabled", await AskAsync());
        Assert.Equal("nothing-generated", await AskAsync(CompletionTrigger.Invoked));
    }

    [Fact]
    public async Task A_language_that_is_named_is_not_completed()
    {
        _policy = new CompletionPolicy { DisabledLanguages = ["CSharp"] };

        Assert.Equal("language-disabled", await AskAsync(CompletionTrigger.Invoked));
        Assert.Empty(_created);
    }

    [Fact]
    public async Task Changed_options_count_from_the_next_request_on_and_known_ones_keep_their_caches()
    {
        await AskAsync();
        _policy = new CompletionPolicy { Options = CompletionOptions.Default with { MaxLines = 2 } };
        await AskAsync();
        _policy = new CompletionPolicy();
        await AskAsync();

        Assert.Equal([12, 2], _created.Select(options => options.MaxLines));
    }

    private async Task<string?> AskAsync(CompletionTrigger trigger = CompletionTrigger.Automatic)
    {
        var document = new DocumentSnapshot("a.cs", "csharp", 1, SourceText.From("class C { }"));
        return (await _completion.CompleteAsync(new CompletionRequest(document, 0, trigger), TestContext.Current.CancellationToken)).Reason?.Code;
    }

    private sealed class Answering : ICompletionService
    {
        public void WarmUp(DocumentSnapshot document)
        {
        }

        public Task<CompletionAnswer> CompleteAsync(CompletionRequest request, CancellationToken cancellationToken) =>
            Task.FromResult(CompletionAnswer.Empty(EmptyReasons.NothingGenerated));
    }
}
