using System.Runtime.CompilerServices;
using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.TestSupport;
using Microsoft.CodeAnalysis.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace GptOss.CodeAssist.Assistant.Tests.Completion;

/// <summary>Nothing is computed twice: each test counts what the engine was asked.</summary>
public sealed class ReuseTests
{
    private static readonly CompletionOptions OneAnswerOnly = CompletionOptions.Default with { Prefetch = false };

    [Fact]
    public async Task Typing_what_was_suggested_asks_no_model()
    {
        await using var engine = new ScriptedEngine().Say("Name", " = ", "name;", "\n");
        var service = new CompletionService(engine, OneAnswerOnly, NullLogger.Instance);

        Assert.Equal("Name = name;", await Ask(service, "this.$0\n"));
        Assert.Equal("ame = name;", await Ask(service, "this.N$0\n"));
        Assert.Equal("= name;", await Ask(service, "this.Name $0\n"));
        Assert.Equal(";", await Ask(service, "this.Name = name$0\n"));
        Assert.Single(engine.Requests);
    }

    [Fact]
    public async Task Deleting_and_coming_back_ask_no_model()
    {
        await using var engine = new ScriptedEngine().Say("Name;", "\n").Say("Zip;", "\n");
        var service = new CompletionService(engine, OneAnswerOnly, NullLogger.Instance);

        Assert.Equal("Name;", await Ask(service, "this.$0\n"));
        Assert.Equal("Zip;", await Ask(service, "this.Q$0\n"));
        Assert.Equal("Name;", await Ask(service, "this.$0\n"));
        Assert.Equal("Zip;", await Ask(service, "this.Q$0\n"));
        Assert.Equal(2, engine.Requests.Count);
    }

    [Fact]
    public async Task Closers_that_the_editor_inserts_while_the_suggestion_is_typed_do_not_matter()
    {
        await using var engine = new ScriptedEngine().Say("Save", "(a", ");", "\n");
        var service = new CompletionService(engine, OneAnswerOnly, NullLogger.Instance);

        Assert.Equal("Save(a);", await Ask(service, "this.$0\n}"));
        Assert.Equal("a); over )", await Ask(service, "this.Save($0)\n}"));
        Assert.Single(engine.Requests);
    }

    [Fact]
    public async Task A_place_with_nothing_to_show_is_not_asked_about_again()
    {
        await using var engine = new ScriptedEngine();
        var service = new CompletionService(engine, OneAnswerOnly, NullLogger.Instance);

        Assert.Equal("(nothing-generated)", await Ask(service, "this.$0\n"));
        Assert.Equal("(nothing-generated)", await Ask(service, "this.$0\n"));
        Assert.Single(engine.Requests);
    }

    [Fact]
    public async Task Another_text_after_the_caret_is_another_place()
    {
        await using var engine = new ScriptedEngine { Default = "x;" };
        var service = new CompletionService(engine, OneAnswerOnly, NullLogger.Instance);

        await Ask(service, "this.$0\nreturn 1;");
        await Ask(service, "this.$0\nreturn 2;");

        Assert.Equal(2, engine.Requests.Count);
    }

    [Fact]
    public async Task A_keystroke_that_the_model_is_about_to_say_keeps_the_running_answer()
    {
        var (typed, began) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var engine = new ScriptedEngine().Script((_, stop) => SayInTwoParts(stop));
        var service = new CompletionService(engine, OneAnswerOnly, NullLogger.Instance);
        using var firstKey = new CancellationTokenSource();

        var first = Ask(service, "this.$0\n", firstKey.Token);
        await began.Task;
        await firstKey.CancelAsync();
        var second = Ask(service, "this.Na$0\n");
        typed.SetResult();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal("me = name;", await second);
        Assert.Single(engine.Requests);

        async IAsyncEnumerable<string> SayInTwoParts([EnumeratorCancellation] CancellationToken stop)
        {
            yield return "N";
            began.SetResult();
            await typed.Task.WaitAsync(stop);
            yield return "ame = name;";
            yield return "\n";
        }
    }

    [Fact]
    public async Task A_keystroke_that_the_model_contradicts_stops_the_running_answer()
    {
        var began = new TaskCompletionSource();
        var stopped = new TaskCompletionSource();
        await using var engine = new ScriptedEngine().Script((_, stop) => SayForEver(stop)).Say("ip;", "\n");
        var service = new CompletionService(engine, OneAnswerOnly, NullLogger.Instance);
        using var firstKey = new CancellationTokenSource();

        var first = Ask(service, "this.$0\n", firstKey.Token);
        await began.Task;
        await firstKey.CancelAsync();

        Assert.Equal("ip;", await Ask(service, "this.Z$0\n"));
        await stopped.Task;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        async IAsyncEnumerable<string> SayForEver([EnumeratorCancellation] CancellationToken stop)
        {
            yield return "Name";
            began.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, stop);
            }
            finally
            {
                stopped.SetResult();
            }

            yield return "never";
        }
    }

    [Fact]
    public async Task A_newer_request_elsewhere_in_the_document_takes_the_place_of_the_older()
    {
        var began = new TaskCompletionSource();
        await using var engine = new ScriptedEngine().Script((_, stop) => Wait(stop)).Say("b;", "\n");
        var service = new CompletionService(engine, OneAnswerOnly, NullLogger.Instance);

        var older = Ask(service, "a.$0\n");
        await began.Task;
        var newer = Ask(service, "a.\nb = $0\n");

        Assert.Equal("(superseded)", await older);
        Assert.Equal("b;", await newer);

        async IAsyncEnumerable<string> Wait([EnumeratorCancellation] CancellationToken stop)
        {
            began.SetResult();
            await Task.Delay(Timeout.Infinite, stop);
            yield break;
        }
    }

    [Fact]
    public async Task What_follows_a_taken_suggestion_is_there_already()
    {
        var prefetched = new TaskCompletionSource();
        await using var engine = new ScriptedEngine().Say("get; }", "\n").Script((_, _) => Prefetch());
        var service = new CompletionService(engine, CompletionOptions.Default, NullLogger.Instance);

        Assert.Equal("get; }", await Ask(service, "class C { int Count { $0\n}"));
        await prefetched.Task;
        Assert.Equal(" = 1;", await Ask(service, "class C { int Count { get; }$0\n}"));
        Assert.Equal([RequestPriority.Completion, RequestPriority.WarmUp], engine.Requests.Take(2).Select(request => request.Priority));

        async IAsyncEnumerable<string> Prefetch()
        {
            yield return " = 1;";
            await Task.Yield();
            prefetched.SetResult();
            yield return "\n";
        }
    }

    [Fact]
    public async Task After_a_whole_statement_it_is_the_next_line_that_is_there_already()
    {
        await using var engine = new ScriptedEngine().Say("Save();", "\n");
        engine.Default = "Close();";
        var service = new CompletionService(engine, CompletionOptions.Default, NullLogger.Instance);

        Assert.Equal("Save();", await Ask(service, "class C\n{\n    void M()\n    {\n        this.$0\n    }\n}\n"));
        Assert.Equal("(end-of-statement)", await Ask(service, "class C\n{\n    void M()\n    {\n        this.Save();$0\n    }\n}\n"));
        Assert.Equal("Close();", await Ask(service, "class C\n{\n    void M()\n    {\n        this.Save();\n        $0\n    }\n}\n"));
        var prompts = engine.Requests.Select(request => request.Prompt.OfType<PromptPart.Text>().Last().Value).ToList();
        Assert.Single(prompts, prompt => prompt.EndsWith("Save();\n        ", StringComparison.Ordinal) || prompt.EndsWith("Save();\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whole_lines_of_a_slow_answer_are_shown_and_the_rest_is_kept()
    {
        var (shown, said) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var engine = new ScriptedEngine().Script((_, stop) => SayTheRestLater(stop));
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.Zero };
        var service = new CompletionService(engine, OneAnswerOnly, NullLogger.Instance, time);
        var first = Ask(service, "void M()\n{\n    $0\n}\n");
        await said.Task;
        while (!first.IsCompleted)
        {
            time.Advance(OneAnswerOnly.ShowWithin);
            await Task.Yield();
        }

        Assert.Equal("First();", await first);
        shown.SetResult();
        Assert.Equal("Second();", (await Ask(service, "void M()\n{\n    First();\n    $0\n}\n")).Trim());
        Assert.Single(engine.Requests);

        async IAsyncEnumerable<string> SayTheRestLater([EnumeratorCancellation] CancellationToken stop)
        {
            yield return "First();\n";
            yield return "    Sec";
            said.SetResult();
            await shown.Task.WaitAsync(stop);
            yield return "ond();\n";
            yield return "}";
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_model_that_takes_too_long_is_a_reason_and_what_it_writes_is_kept()
    {
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var engine = new ScriptedEngine().Script((_, stop) => SayLate(stop));
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.Zero };
        var service = new CompletionService(engine, OneAnswerOnly, NullLogger.Instance, time);
        var first = Ask(service, "var x = $0");
        await asked.Task;
        // Once: whoever waits longer than that waits here for ever.
        time.Advance(OneAnswerOnly.GiveUpAfter);
        Assert.Equal("(too-slow)", await first.WaitAsync(TestContext.Current.CancellationToken));
        answer.SetResult();
        Assert.Equal("1;", await Ask(service, "var x = $0"));
        Assert.Single(engine.Requests);

        async IAsyncEnumerable<string> SayLate([EnumeratorCancellation] CancellationToken stop)
        {
            asked.SetResult();
            await answer.Task.WaitAsync(stop);
            yield return "1;";
        }
    }

    private static async Task<string> Ask(CompletionService service, string marked, CancellationToken? cancellationToken = null)
    {
        var caret = marked.IndexOf("$0", StringComparison.Ordinal);
        var text = SourceText.From(marked.Remove(caret, 2));
        var request = new CompletionRequest(new DocumentSnapshot("/project/File.cs", "csharp", 1, text), caret, CompletionTrigger.Automatic);
        var answer = await service.CompleteAsync(request, cancellationToken ?? TestContext.Current.CancellationToken);
        return answer.Reason is { } reason
            ? $"({reason.Code})"
            : string.Join(" | ", answer.Candidates.Select(one => one.InsertText + (one.Span.Length > 0 ? $" over {text.ToString(one.Span)}" : "")));
    }
}
