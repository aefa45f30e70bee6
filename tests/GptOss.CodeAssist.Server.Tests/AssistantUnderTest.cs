using GptOss.CodeAssist.Assistant.Chat;
using GptOss.CodeAssist.Assistant.CodeActions;
using GptOss.CodeAssist.Assistant.Prompts;
using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.Server.Testing;
using GptOss.CodeAssist.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.Server.Tests;

/// <summary>A server with real chat and code actions over a scripted model and a real solution; of one file, where a test brings none of its own.</summary>
internal sealed class AssistantUnderTest : IAsyncDisposable
{
    public const string Text = "public class Cart\n{\n    public int Total(int discount)\n    {\n        return Missing;\n    }\n}\n";

    private readonly TestSolution _solution;

    private AssistantUnderTest(TestSolution solution, ModelDescription model) => (_solution, Engine) = (solution, new ScriptedEngine(model));

    public static string Uri { get; } = new Uri(TestSolution.PathOf("Shop", "Cart.cs")).AbsoluteUri;

    public ScriptedEngine Engine { get; }

    public ServerUnderTest Server { get; private set; } = null!;

    public LspClient Client => Server.Client;

    public static async Task<AssistantUnderTest> StartAsync(string capabilities = "{}", ModelDescription? model = null, string clientInfo = "null")
    {
        var assistant = await StartAsync(new TestSolution().Add("Shop", [("Cart.cs", Text)]), capabilities, model, clientInfo);
        await assistant.Server.OpenAsync(Uri, Text, version: 3);
        return assistant;
    }

    /// <param name="solution">Owned from now on; none of its files is open.</param>
    public static async Task<AssistantUnderTest> StartAsync(TestSolution solution, string capabilities = "{}", ModelDescription? model = null, string clientInfo = "null")
    {
        var assistant = new AssistantUnderTest(solution, model ?? ScriptedEngine.HarmonyModel);
        assistant.Server = await ServerUnderTest.StartInitializedAsync(
            engine: assistant.Engine,
            capabilities: capabilities,
            chat: new ChatService(assistant.Engine, _ => solution, PromptLibrary.BuiltInOnly, new ChatOptions(), NullLogger.Instance),
            actions: new CodeActionService(assistant.Engine, path => solution.Find(path) is null ? null : solution, PromptLibrary.BuiltInOnly, NullLogger.Instance),
            clientInfo: clientInfo);
        return assistant;
    }

    /// <summary>The model's next answer, in the final channel.</summary>
    public AssistantUnderTest Say(params string[] pieces)
    {
        Engine.Say(["<|channel|>", "final", "<|message|>", .. pieces, "<|return|>"]);
        return this;
    }

    /// <summary>The model begins an answer and never ends it.</summary>
    public AssistantUnderTest SayForever()
    {
        Engine.Script((_, token) => Forever(token));
        return this;

        static async IAsyncEnumerable<string> Forever([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
        {
            foreach (var piece in new[] { "<|channel|>", "final", "<|message|>", "begun" })
            {
                yield return piece;
            }

            await Task.Delay(Timeout.Infinite, token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Engine.DisposeAsync();
        _solution.Dispose();
    }
}
