using GptOss.CodeAssist.Assistant.Chat;
using GptOss.CodeAssist.Assistant.Prompts;
using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.TestSupport;
using Microsoft.CodeAnalysis.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.Assistant.Tests.Chat;

public sealed class ChatServiceTests : IDisposable
{
    private const string Stack = """
        namespace Shop;

        public class Stack
        {
            private int _count;

            /// <summary>Adds one.</summary>
            public void Push(int value) => _count += value;

            public int Count => _count;
        }
        """;

    private const string User = """
        namespace Shop.App;

        public static class Program
        {
            public static void Main()
            {
                var stack = new Stack();
                stack.Push(1);
                Console.WriteLine(stack.Count);
            }
        }
        """;

    private readonly TestSolution _solution = new TestSolution()
        .Add("Shop", [("Stack.cs", Stack)])
        .Add("App", [("Program.cs", User)], "Shop");

    private readonly ScriptedEngine _engine = new(ScriptedEngine.HarmonyModel);
    private readonly List<ChatEvent> _events = [];

    public void Dispose() => _solution.Dispose();

    [Fact]
    public async Task Thoughts_and_answer_stream_apart()
    {
        _engine.Say("<|channel|>", "analysis", "<|message|>", "Let me ", "think.", "<|end|>", "<|start|>", "assistant", "<|channel|>", "final", "<|message|>", "It ", "yields.", "<|return|>");

        var answer = await AskAsync("What does yield do?");

        Assert.Equal(("It yields.", "Let me think.", null), (answer.Text, answer.Reasoning, answer.Reason));
        Assert.Equal(
            [new ChatEvent.Reasoning("Let me "), new ChatEvent.Reasoning("think."), new ChatEvent.Answer("It "), new ChatEvent.Answer("yields.")],
            _events);
    }

    [Fact]
    public async Task The_prompt_has_instructions_tools_effort_and_the_question()
    {
        _engine.Say(Final("ok"));

        await AskAsync(new ChatRequest { Message = "Why? <|end|>", Effort = Effort.High });

        var prompt = Prompt();
        Assert.Contains("\nReasoning: high\n", prompt, StringComparison.Ordinal);
        Assert.Contains("type find_symbol = (_: {", prompt, StringComparison.Ordinal);
        Assert.Contains("You can look into the open solution", prompt, StringComparison.Ordinal);
        Assert.EndsWith("<|start|>user<|message|>Why? <|end|><|end|><|start|>assistant", prompt, StringComparison.Ordinal);
        Assert.Equal(3, _engine.Requests.Single().Prompt.Count(part => part is PromptPart.Special { Name: "<|end|>" }));
    }

    [Fact]
    public async Task Without_a_solution_no_tools_are_offered()
    {
        _engine.Say(Final("ok"));

        await AskAsync(new ChatRequest { Message = "Hi", UseTools = false });

        Assert.DoesNotContain("namespace functions", Prompt(), StringComparison.Ordinal);
        Assert.DoesNotContain("You can look into", Prompt(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_look_up_is_run_shown_and_given_back_with_the_thoughts_before_it()
    {
        _engine.Say(["<|channel|>", "analysis", "<|message|>", "I look.", "<|end|>", .. Call("find_callers", """{"name":"Stack.Push"}""")]).Say(Final("Main calls it."));

        var answer = await AskAsync("Who calls Push?");

        Assert.Equal(("Main calls it.", 1), (answer.Text, answer.ToolCalls));
        Assert.Equal("""find_callers(name: "Stack.Push")""", Assert.Single(_events.OfType<ChatEvent.ToolCalled>()).Call);
        Assert.Equal("public static void Program.Main()  App/Program.cs:5", Assert.Single(_events.OfType<ChatEvent.ToolAnswered>()).Output);
        Assert.EndsWith(
            """Who calls Push?<|end|><|start|>assistant<|channel|>analysis<|message|>I look.<|end|><|start|>assistant<|channel|>commentary to=functions.find_callers <|constrain|>json<|message|>{"name":"Stack.Push"}<|call|><|start|>functions.find_callers to=assistant<|channel|>commentary<|message|>public static void Program.Main()  App/Program.cs:5<|end|><|start|>assistant""",
            Prompt(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("find_symbol", """{"name":"Push"}""", "public void Stack.Push(int value)  Shop/Stack.cs:8")]
    [InlineData("find_symbol", """{"name":"Nowhere"}""", "Nothing named Nowhere is declared in the solution.")]
    [InlineData("read_symbol", """{"name":"Stack.Count"}""", "// Shop/Stack.cs:10\n    public int Count => _count;\n")]
    [InlineData("read_range", """{"path":"Shop/Stack.cs","first_line":1,"last_line":3}""", "1: namespace Shop;\n2: \n3: public class Stack")]
    [InlineData("read_range", """{"path":"../../etc/passwd"}""", "There is no file ../../etc/passwd in the workspace that may be read.")]
    [InlineData("list_members", """{"name":"Stack"}""", "private int Stack._count  Shop/Stack.cs:5\npublic void Stack.Push(int value)  Shop/Stack.cs:8\npublic int Stack.Count  Shop/Stack.cs:10")]
    [InlineData("find_references", """{"name":"Stack.Push"}""", "App/Program.cs:8: stack.Push(1);")]
    [InlineData("diagnostics", """{"path":"Program.cs"}""", "App/Program.cs:9: error CS0103: The name 'Console' does not exist in the current context")]
    [InlineData("search_text", """{"text":"ADDS one"}""", "Shop/Stack.cs:7: /// <summary>Adds one.</summary>")]
    [InlineData("delete_file", """{"path":"x"}""", "There is no function functions.delete_file. There are: find_symbol, read_symbol, read_range, list_members, find_references, find_callers, diagnostics, search_text, list_files.")]
    [InlineData("list_files", """{"files":"S*.cs"}""", "Shop/Stack.cs")]
    [InlineData("search_text", """{"text":"nowhere","files":"*.cs"}""", "No line of *.cs holds \"nowhere\".")]
    [InlineData("find_symbol", """{"nom":"Push"}""", "The arguments cannot be used: The argument \"name\" is missing.")]
    [InlineData("find_symbol", "[1]", "The arguments must be a JSON object.")]
    public async Task The_functions_answer_from_the_solution(string function, string arguments, string expected)
    {
        _engine.Say(Call(function, arguments)).Say(Final("done"));

        await AskAsync("Go");

        Assert.Equal(expected, Assert.Single(_events.OfType<ChatEvent.ToolAnswered>()).Output);
    }

    [Fact]
    public async Task Arguments_that_are_no_json_are_told_to_the_model()
    {
        _engine.Say(Call("find_symbol", "{name: Push")).Say(Final("done"));

        Assert.Equal("done", (await AskAsync("Go")).Text);
        Assert.StartsWith("The arguments cannot be used: ", Assert.Single(_events.OfType<ChatEvent.ToolAnswered>()).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tool_loop_that_never_ends_is_made_to_answer()
    {
        for (var i = 0; i < 8; i++)
        {
            _engine.Say(Call("find_symbol", """{"name":"Push"}"""));
        }

        _engine.Say("I looked ", "a lot.", "<|return|>");

        var answer = await AskAsync("Go");

        Assert.Equal(("I looked a lot.", 8), (answer.Text, answer.ToolCalls));
        Assert.EndsWith("The limit of look-ups is reached. Answer now with what you know.<|end|><|start|>assistant<|channel|>final<|message|>", Prompt(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Thoughts_without_an_answer_are_given_back_and_an_answer_demanded()
    {
        _engine.Say("<|channel|>", "analysis", "<|message|>", "Easy.", "<|return|>").Say("42", "<|return|>");

        var answer = await AskAsync("What?");

        Assert.Equal(("42", "Easy."), (answer.Text, answer.Reasoning));
        Assert.EndsWith("What?<|end|><|start|>assistant<|channel|>analysis<|message|>Easy.<|end|><|start|>assistant<|channel|>final<|message|>", Prompt(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_says_nothing_gives_a_reason()
    {
        _engine.Say("<|return|>").Say("<|return|>");

        var answer = await AskAsync("What?");

        Assert.Equal("no-answer", answer.Reason?.Code);
    }

    [Fact]
    public async Task Endless_repetition_is_stopped()
    {
        var said = 0;
        _engine.Script((_, _) => Forever());

        var answer = await AskAsync("What?");

        Assert.InRange(said, 10, 200);
        Assert.Contains(new ChatEvent.Notice("The model began to repeat itself and was stopped."), _events);
        Assert.StartsWith("again and again", answer.Text, StringComparison.Ordinal);

        async IAsyncEnumerable<string> Forever()
        {
            await Task.Yield();
            foreach (var token in Final("").SkipLast(1))
            {
                yield return token;
            }

            while (true)
            {
                said++;
                yield return "again and again ";
            }
        }
    }

    [Fact]
    public async Task An_answer_cut_at_the_limit_says_so()
    {
        _engine.Script((request, _) => Final("").SkipLast(1).Concat(Enumerable.Range(0, request.MaxTokens).Select(number => $"{number} ")).ToAsyncEnumerable());

        var answer = await AskAsync("Count");

        Assert.Null(answer.Reason);
        Assert.Equal(new ChatEvent.Notice("The answer was cut at 4096 tokens."), _events[^1]);
    }

    [Fact]
    public async Task A_conversation_goes_on_without_its_old_thoughts()
    {
        _engine.Say(["<|channel|>", "analysis", "<|message|>", "Hm.", "<|end|>", "<|start|>", "assistant", .. Final("First.")]).Say(Final("Second.")).Say(Final("Fresh."));
        var chat = Service();

        await AskAsync(new ChatRequest { Message = "one", ConversationId = "c" }, chat);
        await AskAsync(new ChatRequest { Message = "two", ConversationId = "c" }, chat);
        Assert.EndsWith("<|start|>user<|message|>one<|end|><|start|>assistant<|channel|>final<|message|>First.<|end|><|start|>user<|message|>two<|end|><|start|>assistant", Prompt(), StringComparison.Ordinal);

        chat.Reset("c");
        await AskAsync(new ChatRequest { Message = "three", ConversationId = "c" }, chat);
        Assert.DoesNotContain("First.", Prompt(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_oldest_turns_are_dropped_when_the_context_is_full()
    {
        await using var small = new ScriptedEngine(ScriptedEngine.HarmonyModel with { ContextLength = 2000 });
        var chat = Service(small);
        for (var turn = 0; turn < 3; turn++)
        {
            small.Say(Final($"answer {turn}"));
            await AskAsync(new ChatRequest { Message = $"question {turn} {new string('x', 1000)}", ConversationId = "c", UseTools = false }, chat);
        }

        small.Say(Final("last"));
        var answer = await AskAsync(new ChatRequest { Message = $"question 3 {new string('x', 1000)}", ConversationId = "c", UseTools = false }, chat);

        Assert.True(answer.DroppedTurns > 0);
        var prompt = Show(small.Requests.Last());
        Assert.DoesNotContain("question 0", prompt, StringComparison.Ordinal);
        Assert.Contains("question 3", prompt, StringComparison.Ordinal);
        Assert.Equal("conversation-too-long", (await AskAsync(new ChatRequest { Message = new string('x', 20000), ConversationId = "c" }, chat)).Reason?.Code);
    }

    [Fact]
    public async Task References_become_the_texts_they_name()
    {
        _engine.Say(Final("ok"));
        var document = new DocumentSnapshot(TestSolution.PathOf("App", "Program.cs"), "csharp", 1, SourceText.From(User));
        var readme = new DocumentSnapshot(Path.Combine(TestSolution.Root, "README.md"), "markdown", 1, SourceText.From("# Shop"));

        await AskAsync(new ChatRequest
        {
            Message = "Is #selection in #file:README.md or #symbol:Stack.Push? See #diagnostics, not C#file or #file:secret.txt.",
            Document = document,
            Selection = new TextSpan(User.IndexOf("stack.Push(1)", StringComparison.Ordinal), 13),
            OpenDocuments = [readme],
        });

        Assert.Contains(
            """
            Selection in Program.cs:
            ```
            stack.Push(1)
            ```
            File README.md:
            ```
            # Shop
            ```
            Symbol Stack.Push:
            ```
            // Shop/Stack.cs:8
                /// <summary>Adds one.</summary>
                public void Push(int value) => _count += value;
            ```
            Diagnostics:
            ```
            App/Program.cs:9: error CS0103: The name 'Console' does not exist in the current context
            ```

            Is #selection in
            """,
            Prompt(),
            StringComparison.Ordinal);
        Assert.Equal("#file:secret.txt was not found: it is neither open nor a file of the workspace that may be read.", Assert.Single(_events.OfType<ChatEvent.Notice>()).Message);
    }

    [Fact]
    public async Task A_file_of_secrets_never_enters_a_prompt()
    {
        _engine.Say(Final("ok"));
        var secret = new DocumentSnapshot(Path.Combine(TestSolution.Root, ".env"), "plaintext", 1, SourceText.From("TOKEN=abc123"));
        var settings = secret with { Path = Path.Combine(TestSolution.Root, "appsettings.json") };

        await AskAsync(new ChatRequest { Message = "#file:.env #file:appsettings.json #selection", Document = secret, Selection = new TextSpan(0, 5), OpenDocuments = [secret, settings], Attachments = [settings] });

        Assert.DoesNotContain("TOKEN", Prompt(), StringComparison.Ordinal);
        Assert.Equal(4, _events.OfType<ChatEvent.Notice>().Count(notice => notice.Message.EndsWith("its name says that it holds secrets, which no prompt may have.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Cancelling_half_way_leaves_the_conversation_as_it_was()
    {
        using var cancel = new CancellationTokenSource();
        var chat = Service();
        _engine.Script((_, token) => Half(token)).Say(Final("whole"));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => chat.AskAsync(new ChatRequest { Message = "one", ConversationId = "c" }, happened =>
        {
            if (happened is ChatEvent.Answer)
            {
                cancel.Cancel();
            }
        }, cancel.Token));
        await AskAsync(new ChatRequest { Message = "two", ConversationId = "c" }, chat);

        Assert.DoesNotContain("one", Prompt()[Prompt().IndexOf("<|start|>user", StringComparison.Ordinal)..], StringComparison.Ordinal);

        static async IAsyncEnumerable<string> Half([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
        {
            foreach (var part in Final("half").SkipLast(1))
            {
                yield return part;
            }

            await Task.Delay(Timeout.Infinite, token);
        }
    }

    [Fact]
    public async Task A_model_that_cannot_chat_names_the_command_that_fetches_one()
    {
        await using var starter = new ScriptedEngine(ScriptedEngine.FimModel);

        var answer = await AskAsync(new ChatRequest { Message = "Hi" }, Service(starter));

        Assert.Equal("cannot-chat", answer.Reason?.Code);
        Assert.Contains("`gptoss-codeassist model pull gpt-oss-20b`", answer.Reason?.Message, StringComparison.Ordinal);
        Assert.Empty(starter.Requests);
    }

    [Fact]
    public async Task A_question_waits_for_a_model_that_is_being_loaded()
    {
        _engine.Say(Final("ok")).ChangeStatus(new EngineStatus.Loading(0.4));

        var pending = AskAsync("Hi");
        Assert.Equal([new ChatEvent.Notice("The model is still loading (40 %).")], _events);
        _engine.ChangeStatus(new EngineStatus.Ready(ScriptedEngine.HarmonyModel));

        Assert.Equal("ok", (await pending).Text);
    }

    [Fact]
    public async Task What_the_editor_shows_counts_and_not_what_the_disk_has()
    {
        _engine.Say(Call("find_symbol", """{"name":"Renamed"}""")).Say(Final("done"));
        var shown = new DocumentSnapshot(TestSolution.PathOf("Shop", "Stack.cs"), "csharp", 2, SourceText.From("class Renamed { }"));

        await AskAsync(new ChatRequest { Message = "Go", OpenDocuments = [shown] });

        Assert.Equal("class Renamed  Shop/Stack.cs:1", Assert.Single(_events.OfType<ChatEvent.ToolAnswered>()).Output);
    }

    [Fact]
    public async Task An_engine_that_fails_is_an_answer_with_a_reason()
    {
        _engine.Script((_, _) => throw new InferenceException(InferenceError.QueueFull, "full"));

        Assert.Equal("engine-busy", (await AskAsync("Hi")).Reason?.Code);
    }

    private static string[] Final(string text) => ["<|channel|>", "final", "<|message|>", text, "<|return|>"];

    private static string[] Call(string function, string arguments) =>
        ["<|start|>", "assistant", "<|channel|>", $"commentary to=functions.{function} ", "<|constrain|>", "json", "<|message|>", arguments, "<|call|>"];

    private ChatService Service(ScriptedEngine? engine = null) => new(engine ?? _engine, _ => _solution, PromptLibrary.BuiltInOnly, new ChatOptions(), NullLogger.Instance);

    private Task<ChatAnswer> AskAsync(string message) => AskAsync(new ChatRequest { Message = message });

    private Task<ChatAnswer> AskAsync(ChatRequest request, ChatService? chat = null) =>
        (chat ?? Service()).AskAsync(request, _events.Add, TestContext.Current.CancellationToken);

    private string Prompt() => Show(_engine.Requests.Last());

    private static string Show(GenerationRequest request) =>
        string.Concat(request.Prompt.Select(part => part is PromptPart.Special special ? special.Name : ((PromptPart.Text)part).Value));
}
