using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.TestSupport;
using Microsoft.CodeAnalysis.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.Assistant.Tests.Completion;

public sealed class CompletionTests
{
    /// <summary>Nothing is computed ahead, so that a test's engine is asked only what the test asks.</summary>
    private static readonly CompletionOptions OneAnswerOnly = CompletionOptions.Default with { Prefetch = false };

    private const string EndOfText = "<|endoftext|>";

    [Fact]
    public Task The_rest_of_a_line_is_completed() => Check(
        """
        class C
        {
            int M(int a, int b) { return $0
        }
        """,
        ["a", " +", " b", ";", " }", "\n", "}"],
        "a + b; }");

    [Fact]
    public Task A_line_ends_where_the_model_says_so() => Check("class C { int X$0", [" {", " get;", " }", EndOfText, " junk"], " { get; }");

    [Fact]
    public Task White_space_before_the_caret_is_not_written_twice() => Check("class C { int $0", [" Count", ";", "\n"], "Count;");

    [Fact]
    public Task A_block_is_completed_where_the_line_is_blank() => Check(
        """
        class C
        {
            int M(int a)
            {
                $0
            }
        }
        """,
        ["if (a > 0)\n", "        {\n", "            return a;\n", "        }\n", "\n", "        return 0;\n", "    }\n", "\n", "    int N()"],
        """
        if (a > 0)
                {
                    return a;
                }
        """);

    [Fact]
    public Task A_block_ends_where_the_enclosing_one_does() => Check(
        """
        class C
        {
            int M(int a)
            {
                $0
            }
        }
        """,
        ["var b = a * 2;\n", "        return b;\n", "    }\n", "\n", "    int N()"],
        """
        var b = a * 2;
                return b;
        """);

    [Fact]
    public Task A_block_goes_on_after_else() => Check(
        """
        void M()
        {
            $0
        }
        """,
        ["if (a)\n", "    {\n", "        b();\n", "    }\n", "    else\n", "    {\n", "        c();\n", "    }\n", "    return;\n", "}\n"],
        """
        if (a)
            {
                b();
            }
            else
            {
                c();
            }
        """);

    [Fact]
    public Task A_block_ends_before_the_line_that_follows_it_in_the_file() => Check(
        """
        void M()
        {
            $0
            Save(customer);
        }
        """,
        ["customer.Name = name;\n", "    Save(customer);\n", "    Save(customer);\n"],
        "customer.Name = name;");

    [Fact]
    public Task A_block_ends_at_a_repeated_line() => Check(
        """
        void M()
        {
            $0
        }
        """,
        ["Console.WriteLine(name);\n", "    Console.WriteLine(name);\n", "    Console.WriteLine(name);\n"],
        "Console.WriteLine(name);");

    [Fact]
    public Task The_line_above_is_not_said_again() => Check(
        """
        void M()
        {
            _name = name;
            $0
        }
        """,
        ["_name = name;\n", "    _name = name;\n"],
        "(filtered)");

    [Fact]
    public Task The_line_below_is_not_said_again() => Check(
        """
        void M()
        {
            $0
            _name = name;
        }
        """,
        ["_name = name;\n"],
        "(filtered)");

    [Fact]
    public Task An_unfinished_last_line_is_left_out_of_a_block() => Check(
        """
        void M()
        {
            $0
        }
        """,
        [.. Enumerable.Range(0, 3).Select(number => $"first{number}();\n    "), "var", " unfinished", " =", " some", "thing"],
        """
        first0();
            first1();
            first2();
        """,
        maxTokens: 7);

    [Fact]
    public Task A_line_that_goes_round_in_circles_is_not_shown() => Check("class C { int X$0", [" = a", ".b.c", ".b.c", ".b.c", ".b.c", ".b.c", ".b.c"], "(filtered)");

    [Fact]
    public Task Leaked_markup_ends_the_answer() => Check("class C { int X$0", [";", " // done", "\n"], "; // done");

    [Fact]
    public Task Leaked_fences_end_the_answer() => Check("class C { int X$0", [";", "```", "Explanation"], ";");

    [Fact]
    public Task A_control_token_ends_the_answer() => Check("class C { int X$0", [";", "<|channel|>", "analysis"], ";");

    [Fact]
    public Task Nothing_but_white_space_is_nothing() => Check("class C { }$0\n", ["\n", "\n", EndOfText], "(nothing-generated)");

    [Fact]
    public Task Text_that_follows_on_the_line_is_not_repeated() => Check("var x = $0.ToString();", ["value", ".ToString();", "\n"], "value");

    [Fact]
    public Task An_answer_that_runs_over_the_text_after_the_caret_is_not_shown() => Check("var x = $0 + other;", ["value;", "\n", "return;"], "(filtered)");

    [Fact]
    public Task An_answer_that_leads_to_the_text_after_the_caret_is_shown() => Check("var x = $0 + other;", ["value", EndOfText], "value");

    [Fact]
    public Task A_closer_that_the_editor_inserted_is_replaced() => Check("Console.WriteLine($0)", ["name", ");", "\n"], "name); (over `)`)");

    [Fact]
    public Task A_closer_stays_where_the_answer_does_not_close() => Check("Console.WriteLine($0);", ["name", EndOfText], "name");

    [Fact]
    public Task Only_as_many_closers_are_replaced_as_the_answer_writes() => Check("Foo(Bar($0))", ["a", ")", ", b", EndOfText], "a), b (over `)`)");

    [Fact]
    public Task Brackets_that_the_answer_opens_itself_replace_nothing() => Check("Foo($0)", ["Bar(", "a", ")", EndOfText], "Bar(a)");

    [Fact]
    public Task An_inserted_quote_is_replaced() => CheckInvoked("var x = Foo(\"$0\")", [["hello", "\");", "\n"]], "hello\"); (over `\")`)");

    [Fact]
    public Task The_line_itself_is_not_repeated() => Check("    var customer$0", ["var customer", " = null;", "\n"], " = null;");

    [Fact]
    public Task Windows_line_ends_are_kept() => Check(
        "void M()\r\n{\r\n    $0\r\n}\r\n",
        ["a();\n", "    b();\n", "}"],
        "a();\r\n    b();");

    [Fact]
    public Task Tabs_are_kept() => Check(
        "void M()\n{\n\tif (a)\n\t{\n\t\t$0\n\t}\n}\n",
        ["while (b)\n", "        {\n", "            c();\n", "        }\n", "    }\n"],
        "while (b)\n\t\t{\n\t\t\tc();\n\t\t}");

    [Fact]
    public Task The_selected_entry_is_extended_over_its_own_range() => Check(
        "Print(cust$0)",
        [".Name", ");", "\n"],
        "customer.Name (over `cust`)",
        selected: new SelectedCompletion(new TextSpan(6, 4), "customer"));

    [Fact]
    public Task Statements_that_do_not_parse_are_cut_off() => Check(
        """
        class C
        {
            void M()
            {
                $0
            }
        }
        """,
        ["Save(a);\n", "        return a +* ;\n", "    }\n"],
        "Save(a);");

    [Fact]
    public Task Brackets_that_the_model_left_open_are_closed() => Check("class C { void M() {\n    Save$0\n} }", ["(a, b", EndOfText], "(a, b);");

    [Fact]
    public Task An_answer_that_breaks_off_is_not_shown() => Check("class C { void M() {\n    throw $0\n} }", ["new Exception(nameof(", EndOfText], "(gate)");

    [Fact]
    public Task A_header_is_not_closed_where_its_body_would_follow() => CheckInvoked("class C { void M() {\n    if$0\n} }", [[" (a)", "\n", "    {"]], " (a)");

    [Fact]
    public Task A_header_without_its_body_is_not_shown_unasked() => Check("class C { void M() {\n    if$0\n} }", [" (a)", "\n", "    {"], "(gate)");

    [Theory]
    [InlineData("class C { int n;\n    int N { get { return n$0\n}", ";", "; }")]
    [InlineData("class C { int n;\n    int N { get { return n$0\n} } }", ";", ";")]
    [InlineData("class C {\n    int N {$0\n}", " get;", " get; }")]
    [InlineData("class C {\n    int N { $0\n}", "get; set;", "get; set; }")]
    [InlineData("class C {\n    int N { $0\n}\n}", "get;", "get;")]
    [InlineData("class C {\n\tint n;\n\tint N {\n\t\tget { return n$0\n\t}\n}", ";", "; }")]
    [InlineData("class C {\n    int n;\n    public int N\n    {\n        get { return n$0\n    }\n\n    public int M\n    {\n        get { return n; }\n    }\n}", ";", "; }")]
    public Task An_accessor_that_the_line_opened_is_closed_on_it(string source, string said, string expected) => Check(source, [said, EndOfText], expected);

    [Theory]
    [InlineData("class C { void M(int[] all) {\n    foreach (var one$0\n        Use(one);\n        Use(one);\n    }\n    Use(all);\n} }", " in all)", " in all) {")]
    [InlineData("class C { void M(int[] all) {\n    foreach (var one$0\n        Use(one);\n    Use(all);\n} }", " in all)", " in all)")]
    [InlineData("class C {\n    int Add(int a,$0\n        return a + b;\n    }\n}", " int b)", " int b) {")]
    [InlineData("namespace N {\n    class C$0\n        int n;\n    }\n}", " : B", " : B {")]
    [InlineData("class C { void M(int a) {\n    if (a$0\n        Use(a);\n    }\n} }", " > 0", " > 0) {")]
    public Task A_header_opens_the_block_whose_end_is_there_already(string source, string said, string expected) => Check(source, [said, EndOfText], expected);

    [Theory]
    [InlineData("class C {\n    public $0\n    {\n        return 1;\n    }\n}", "static readonly int One", "(gate)")]
    [InlineData("class C {\n    public $0\n    {\n        return 1;\n    }\n}", "class One", "(gate)")]
    [InlineData("class C {\n    public $0\n    {\n        get { return 1; }\n    }\n}", "int One", "int One")]
    [InlineData("class C {\n    public $0\n    {\n        int n;\n    }\n}", "class One", "class One")]
    [InlineData("class C { void M(int[] a) {\n    for (int i = 0, n = a$0\n        Use(a[i]);\n} }", ".Length;", "(gate)")]
    public Task A_header_is_shown_only_before_what_belongs_to_it(string source, string said, string expected) => Check(source, [said, EndOfText], expected);

    [Theory]
    [InlineData("class C {\n    public void Save$0\n}", "(int a)", "(gate)")]
    [InlineData("public static $0\n", "class Extensions", "(gate)")]
    [InlineData("interface I {\n    void Save$0\n}", "(int a)", "(int a);")]
    [InlineData("abstract class C {\n    public abstract void Save$0\n}", "(int a)", "(int a);")]
    [InlineData("public record $0\n", "Order(int Total)", "Order(int Total);")]
    public Task A_declaration_is_closed_only_where_it_needs_no_body(string source, string said, string expected) => Check(source, [said, EndOfText], expected);

    [Fact]
    public async Task An_answer_that_the_model_is_not_sure_of_is_shown_only_to_a_person_who_asks()
    {
        await using var engine = new ScriptedEngine { Default = "x;" };
        var service = new CompletionService(engine, OneAnswerOnly with { MinConfidence = 0.95 }, NullLogger.Instance);
        var document = new DocumentSnapshot("/project/File.cs", "csharp", 1, SourceText.From("var x = "));

        var automatic = await service.CompleteAsync(new CompletionRequest(document, 8, CompletionTrigger.Automatic), TestContext.Current.CancellationToken);
        var invoked = await service.CompleteAsync(new CompletionRequest(document, 8, CompletionTrigger.Invoked), TestContext.Current.CancellationToken);

        Assert.Equal("not-sure-enough", automatic.Reason?.Code);
        Assert.Equal("x;", Assert.Single(invoked.Candidates).InsertText);
    }

    [Fact]
    public Task A_person_who_asks_gets_several_different_candidates() => CheckInvoked(
        "var x = $0",
        [["a;", "\n"], ["b;", "\n"], ["a;", "\n"]],
        "a; | b;");

    [Fact]
    public Task Inside_a_word_only_a_person_who_asks_gets_an_answer() => Check("var cust$0omer = 1;", ["x"], "(inside-word)");

    [Fact]
    public Task An_empty_file_says_so() => Check("$0", ["x"], "(empty-document)");

    [Fact]
    public Task Another_language_says_so() => Check("hello $0", ["x"], "(language-not-supported)", languageId: "markdown");

    [Fact]
    public async Task A_document_that_is_too_large_says_so()
    {
        await using var engine = new ScriptedEngine();
        var text = SourceText.From(new string('a', 4_000_001));

        var answer = await Ask(engine, text, text.Length);

        Assert.Equal("document-too-large", answer.Reason?.Code);
        Assert.Empty(engine.Requests);
    }

    [Fact]
    public async Task A_model_that_only_chats_is_not_asked_and_its_reason_is_said()
    {
        await using var engine = new ScriptedEngine(ScriptedEngine.HarmonyModel with { CompletionRefusal = "it writes prompts by itself" });

        var answer = await Ask(engine, SourceText.From("var x = "), 8);

        Assert.Equal("cannot-complete", answer.Reason?.Code);
        Assert.Equal("it writes prompts by itself", answer.Reason?.Message);
        Assert.Empty(engine.Requests);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    public async Task A_caret_beyond_the_document_says_so(int offset)
    {
        await using var engine = new ScriptedEngine();

        var answer = await Ask(engine, SourceText.From("abc"), offset);

        Assert.Equal("stale-position", answer.Reason?.Code);
    }

    [Fact]
    public async Task A_loading_model_says_so()
    {
        await using var engine = new ScriptedEngine();
        engine.ChangeStatus(new EngineStatus.Loading(0.4));

        var answer = await Ask(engine, SourceText.From("class C"), 7);

        Assert.Equal("model-loading", answer.Reason?.Code);
        Assert.Contains("40", answer.Reason?.Message);
    }

    [Fact]
    public async Task A_model_that_could_not_be_loaded_says_why()
    {
        await using var engine = new ScriptedEngine();
        engine.ChangeStatus(new EngineStatus.Failed(InferenceError.ModelInvalid, "The file is not GGUF."));

        var answer = await Ask(engine, SourceText.From("class C"), 7);

        Assert.Equal(EmptyReasons.ModelUnavailable("The file is not GGUF."), answer.Reason);
    }

    [Theory]
    [InlineData(InferenceError.QueueFull, "engine-busy")]
    [InlineData(InferenceError.Unavailable, "engine-failed")]
    [InlineData(InferenceError.OutOfMemory, "model-unavailable")]
    public async Task An_engine_that_refuses_is_a_reason_and_no_error(InferenceError error, string code)
    {
        await using var engine = new ScriptedEngine().Script((_, _) => throw new InferenceException(error, "no"));

        var answer = await Ask(engine, SourceText.From("class C"), 7);

        Assert.Equal(code, answer.Reason?.Code);
    }

    [Fact]
    public async Task A_fault_in_the_engine_is_a_reason_and_no_error()
    {
        await using var engine = new ScriptedEngine().Script((_, _) => throw new InvalidOperationException("broken"));

        var answer = await Ask(engine, SourceText.From("class C"), 7);

        Assert.Equal("engine-failed", answer.Reason?.Code);
    }

    [Fact]
    public async Task A_cancelled_request_is_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        await using var engine = new ScriptedEngine().Script((_, _) =>
        {
            cancel.Cancel();
            return AsyncEnumerable.Empty<string>();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Ask(engine, SourceText.From("class C"), 7, cancel.Token));
    }

    [Fact]
    public async Task The_model_is_stopped_the_moment_the_answer_is_decided()
    {
        var said = 0;
        await using var engine = new ScriptedEngine().Script((_, _) => new[] { "a;", "\n", "b;", "\n", "c;" }.ToAsyncEnumerable().Select(token =>
        {
            said++;
            return token;
        }));

        await Ask(engine, SourceText.From("var x = "), 8);

        Assert.Equal(2, said);
    }

    [Fact]
    public async Task What_it_cost_is_told_for_answers_that_were_stopped_early_too()
    {
        await using var engine = new ScriptedEngine().Say("a;", "\n", "b;");

        var answer = await Ask(engine, SourceText.From("var x = "), 8);

        Assert.Equal(2, answer.Usage?.GeneratedTokens);
        Assert.Equal(10, answer.Usage?.PromptTokens);
        Assert.Equal(0, answer.Usage?.ReusedTokens);
        Assert.Equal("scripted", answer.Model);
    }

    [Theory]
    [InlineData(" int M(int a) => a;", "(gate)")]
    [InlineData(" int M(int a) {", " int M(int a) {")]
    public Task A_whole_member_is_not_put_before_the_body_of_another(string said, string expected) => Check("class C\n{\n    public$0\n        a = a + 1;\n        return a;\n    }\n}\n", [said, "\n"], expected);

    [Fact]
    public Task A_type_that_no_name_follows_is_no_member() => Check("class C\n{\n    public$0\n}\n", [" IEnumerable<int>", "\n"], "(gate)");

    [Fact]
    public Task A_string_that_is_left_open_is_not_shown() => Check("class C { string M(int n) {\n    return $\"a {n.ToString(n$0\n    }\n}", [", 1", "\n"], "(gate)");

    private static Task Check(
        string marked, string[] tokens, string expected, string languageId = "csharp", int? maxTokens = null, SelectedCompletion? selected = null) =>
        Check(marked, [tokens], expected, CompletionTrigger.Automatic, languageId, maxTokens, selected);

    private static Task CheckInvoked(string marked, string[][] answers, string expected) =>
        Check(marked, answers, expected, CompletionTrigger.Invoked, "csharp", null, null);

    /// <param name="marked">The document, with <c>$0</c> at the caret.</param>
    /// <param name="answers">What the model says, token by token, for each candidate.</param>
    /// <param name="expected">The ghost text, what it replaces in parentheses; or the reason for none in parentheses.</param>
    private static async Task Check(
        string marked, string[][] answers, string expected, CompletionTrigger trigger, string languageId, int? maxTokens, SelectedCompletion? selected)
    {
        var caret = marked.IndexOf("$0", StringComparison.Ordinal);
        var text = SourceText.From(marked.Remove(caret, 2));
        await using var engine = new ScriptedEngine();
        foreach (var tokens in answers)
        {
            engine.Say(tokens);
        }

        var options = OneAnswerOnly;
        options = maxTokens is { } limit ? options with { MaxLineTokens = limit, MaxBlockTokens = limit } : options;
        var service = new CompletionService(engine, options, NullLogger.Instance);
        var document = new DocumentSnapshot("/project/File.cs", languageId, 1, text);

        var answer = await service.CompleteAsync(new CompletionRequest(document, caret, trigger, selected), TestContext.Current.CancellationToken);

        Assert.Equal(answer.Candidates.IsEmpty, answer.Reason is not null);
        var actual = answer.Reason is { } reason
            ? $"({reason.Code})"
            : string.Join(" | ", answer.Candidates.Select(candidate =>
                candidate.InsertText + (candidate.Span.Length > 0 ? $" (over `{text.ToString(candidate.Span)}`)" : "")));
        Assert.Equal(expected, actual);
    }

    private static Task<CompletionAnswer> Ask(ScriptedEngine engine, SourceText text, int offset, CancellationToken? cancellationToken = null) =>
        new CompletionService(engine, OneAnswerOnly, NullLogger.Instance).CompleteAsync(
            new CompletionRequest(new DocumentSnapshot("/project/File.cs", "csharp", 1, text), offset, CompletionTrigger.Automatic),
            cancellationToken ?? TestContext.Current.CancellationToken);
}
