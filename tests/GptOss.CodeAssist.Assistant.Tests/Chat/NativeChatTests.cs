using GptOss.CodeAssist.Assistant.Chat;
using GptOss.CodeAssist.Assistant.CodeActions;
using GptOss.CodeAssist.Assistant.Prompts;
using GptOss.CodeAssist.Inference.Llama;
using GptOss.CodeAssist.TestSupport;
using GptOss.CodeAssist.TestSupport.Models;
using Microsoft.CodeAnalysis.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.Assistant.Tests.Chat;

/// <summary>Chat and code actions over llama.cpp and a small model of random weights, which says the wildest things.</summary>
public sealed class NativeChatTests : IDisposable
{
    private const string Text = "class Cart\n{\n    int Total() => 1;\n}\n";
    private readonly TestSolution _solution = new TestSolution().Add("Shop", [("Cart.cs", Text)]);

    private readonly TemporaryFolder _folder = new();
    private readonly PromptLibrary _prompts;

    public NativeChatTests()
    {
        Directory.CreateDirectory(_folder.PathOf("actions"));
        File.WriteAllText(_folder.PathOf("chat.md"), "---\nrole: developer\nmax_tokens: 64\n---\nAnswer.");
        File.WriteAllText(_folder.PathOf("actions", "simplify.md"), "---\nrole: task\nmax_tokens: 64\n---\nSimplify.");
        _prompts = new PromptLibrary(_ => [_folder.FullName], NullLogger.Instance);
    }

    public void Dispose()
    {
        _solution.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_model_of_random_weights_is_asked_twice_and_reuses_the_beginning_of_the_conversation()
    {
        await using var engine = Start();
        var chat = new ChatService(engine, _ => _solution, _prompts, new ChatOptions { MaxToolCalls = 2 }, NullLogger.Instance);
        var request = new ChatRequest { Message = "What is <|end|> here?", ConversationId = "c", UseTools = false };

        var first = await chat.AskAsync(request, _ => { }, TestContext.Current.CancellationToken);
        var second = await chat.AskAsync(request, _ => { }, TestContext.Current.CancellationToken);

        Assert.All(new[] { first, second }, answer => Assert.NotEqual(answer.Text.Length > 0, answer.Reason is not null));
        Assert.All(new[] { first, second }, answer => Assert.True(answer.Reason?.Code is null or "no-answer", answer.Reason?.Message));
        Assert.NotEmpty(first.Text);
        Assert.True(second.Usage!.ReusedTokens > 50, $"{second.Usage}");
        Assert.True(second.Usage.PromptTokens > first.Usage!.PromptTokens, $"{first.Usage} {second.Usage}");
    }

    [Fact]
    public async Task Random_text_never_becomes_an_edit()
    {
        await using var engine = Start();
        var actions = new CodeActionService(engine, _ => _solution, _prompts, NullLogger.Instance);
        var document = new DocumentSnapshot(TestSolution.PathOf("Shop", "Cart.cs"), "csharp", 1, SourceText.From(Text));

        var result = await actions.ComputeAsync(new CodeActionRequest(document, new TextSpan(25, 0), CodeActionKind.Simplify), _ => { }, TestContext.Current.CancellationToken);

        var refused = Assert.IsType<CodeActionResult.Refused>(result);
        Assert.Contains(refused.Reason.Code, new[] { "no-answer", "edit-rejected" });
        Assert.Empty(refused.Attempt);
    }

    private static LlamaEngine Start() => LlamaEngine.Start(
        new LlamaEngineOptions { ModelPath = SmallModel.GetPath(new SmallModelOptions { FimTokens = false, FullVocabulary = false, ContextLength = 2048 }) }, NullLogger.Instance);
}
