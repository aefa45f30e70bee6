using GptOss.CodeAssist.Assistant;
using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.Server.Testing;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Server.Tests;

public sealed class InlineCompletionTests
{
    private const string Accepted = """{"command":"gptOss.didAcceptCompletion","arguments":["id-1",{"textDocument":{"uri":"file:///work/a.cs"},"namespaces":["System.Text"]}]}""";
    private const string Uri = "file:///work/a.cs";

    [Fact]
    public async Task An_answer_has_text_range_and_a_command_that_reports_acceptance()
    {
        var completion = new ScriptedCompletionService().Answer(request => Found(new CompletionCandidate("id-1", "Line();", TextSpan.FromBounds(request.Offset - 5, request.Offset + 1))));
        await using var server = await ServerUnderTest.StartInitializedAsync(completion);
        await server.OpenAsync(Uri, "a\r\nWrite)");

        var result = await (await server.AskAsync(Uri, 1, 5)).Result;

        Assert.Equal(
            """{"items":[{"insertText":"Line();","range":{"start":{"line":1,"character":0},"end":{"line":1,"character":6}},"command":{"title":"Completion accepted","command":"gptOss.didAcceptCompletion","arguments":["id-1"]}}]}""",
            result.GetRawText());
        var request = Assert.Single(completion.Requests);
        Assert.Equal(("/work/a.cs", "csharp", 1, 8, CompletionTrigger.Automatic), (request.Document.Path, request.Document.LanguageId, request.Document.Version, request.Offset, request.Trigger));
    }

    [Theory]
    [InlineData("cs")]
    [InlineData("c-sharp")]
    [InlineData("C#")]
    public async Task CSharp_is_known_by_the_names_that_editors_have_for_it(string languageId)
    {
        var completion = new ScriptedCompletionService();
        await using var server = await ServerUnderTest.StartInitializedAsync(completion);
        await server.OpenAsync(Uri, "", languageId: languageId);

        await (await server.AskAsync(Uri, 0, 0)).Result;

        Assert.Equal("csharp", Assert.Single(completion.Requests).Document.LanguageId);
    }

    [Fact]
    public async Task Automatic_gives_one_answer_and_invoked_all()
    {
        CompletionAnswer Two(CompletionRequest request) => Found(Insert(request, "one"), Insert(request, "two"));
        await using var server = await ServerUnderTest.StartInitializedAsync(new ScriptedCompletionService().Answer(Two).Answer(Two));
        await server.OpenAsync(Uri, "");

        var invoked = await (await server.AskAsync(Uri, 0, 0, trigger: 1)).Result;
        var automatic = await (await server.AskAsync(Uri, 0, 0, trigger: 2)).Result;

        Assert.Equal((2, 1), (invoked.GetProperty("items").GetArrayLength(), automatic.GetProperty("items").GetArrayLength()));
    }

    [Fact]
    public async Task The_entry_selected_in_the_pop_up_is_passed_on()
    {
        var completion = new ScriptedCompletionService();
        await using var server = await ServerUnderTest.StartInitializedAsync(completion);
        await server.OpenAsync(Uri, "x.Wri");

        await server.Client.RequestAsync(
            "textDocument/inlineCompletion",
            $$$$"""{"textDocument":{"uri":"{{{{Uri}}}}"},"position":{"line":0,"character":5},"context":{"triggerKind":2,"selectedCompletionInfo":{"range":{"start":{"line":0,"character":2},"end":{"line":0,"character":5}},"text":"WriteLine"}}}""");

        Assert.Equal(new SelectedCompletion(TextSpan.FromBounds(2, 5), "WriteLine"), Assert.Single(completion.Requests).Selected);
    }

    [Fact]
    public async Task Nothing_is_an_empty_list_and_the_status_says_why()
    {
        await using var server = await ServerUnderTest.StartInitializedAsync(new ScriptedCompletionService().Answer(_ => CompletionAnswer.Empty(EmptyReasons.ModelUnavailable("no model"))));
        await server.OpenAsync(Uri, "one line");

        Assert.Equal("""{"items":[]}""", (await (await server.AskAsync("file:///not/open.cs", 0, 0)).Result).GetRawText());
        Assert.Equal("unknown-document", await ReasonAsync(server));
        Assert.Equal("""{"items":[]}""", (await (await server.AskAsync(Uri, 7, 0)).Result).GetRawText());
        Assert.Equal("stale-position", await ReasonAsync(server));
        Assert.Equal("""{"items":[]}""", (await (await server.AskAsync(Uri, 0, 0)).Result).GetRawText());
        Assert.Equal("model-unavailable", await ReasonAsync(server));
    }

    [Fact]
    public async Task A_completion_that_throws_is_an_empty_list_with_a_reason_and_the_server_lives()
    {
        await using var server = await ServerUnderTest.StartInitializedAsync(new ScriptedCompletionService().Script((_, _) => throw new InvalidOperationException("a defect")));
        await server.OpenAsync(Uri, "");

        Assert.Equal("""{"items":[]}""", (await (await server.AskAsync(Uri, 0, 0)).Result).GetRawText());

        Assert.Equal("engine-failed", await ReasonAsync(server));
        Assert.Contains(server.Logger.Lines, line => line.Contains("a defect", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_range_over_two_lines_is_never_sent()
    {
        await using var server = await ServerUnderTest.StartInitializedAsync(new ScriptedCompletionService().Answer(_ => Found(new CompletionCandidate("id", "x", TextSpan.FromBounds(0, 3)))));
        await server.OpenAsync(Uri, "a\nb");

        Assert.Equal("""{"items":[]}""", (await (await server.AskAsync(Uri, 0, 1)).Result).GetRawText());
    }

    [Fact]
    public async Task A_newer_request_for_the_document_empties_the_older_at_once_and_cancels_its_work()
    {
        var (entered, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        async Task<CompletionAnswer> Endless(CompletionRequest request, CancellationToken token)
        {
            entered.SetResult();
            await using var registration = token.UnsafeRegister(_ => cancelled.SetResult(), null);
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            return Found();
        }

        await using var server = await ServerUnderTest.StartInitializedAsync(new ScriptedCompletionService().Script(Endless).Answer(request => Found(Insert(request, "newer"))));
        await server.OpenAsync(Uri, "");
        var older = await server.AskAsync(Uri, 0, 0);
        await entered.Task;

        var newer = await server.AskAsync(Uri, 0, 0);

        Assert.Equal("""{"items":[]}""", (await server.Client.Bounded(older.Result, "the older answer")).GetRawText());
        Assert.Equal("newer", (await newer.Result).GetProperty("items")[0].GetProperty("insertText").GetString());
        var status = await server.Client.RequestAsync("gptOss/status");
        Assert.Equal("""{"superseded":1}""", status.GetProperty("emptyAnswers").GetRawText());
        Assert.False(status.TryGetProperty("lastEmptyAnswer", out _));
        await server.Client.Bounded(cancelled.Task.ContinueWith(_ => true, TaskScheduler.Default), "the cancellation");
    }

    [Fact]
    public async Task A_cancelled_request_is_answered_as_cancelled_at_once()
    {
        var (entered, gate) = (new TaskCompletionSource(), new TaskCompletionSource<CompletionAnswer>());
        await using var server = await ServerUnderTest.StartInitializedAsync(new ScriptedCompletionService().Script((_, _) =>
        {
            entered.SetResult();
            return gate.Task;
        }));
        await server.OpenAsync(Uri, "");
        var asked = await server.AskAsync(Uri, 0, 0);
        await entered.Task;

        await server.Client.CancelAsync(asked.Id);

        var error = await Assert.ThrowsAsync<LspErrorException>(() => server.Client.Bounded(asked.Result, "the cancelled answer"));
        Assert.Equal(-32800, error.Code);
        gate.SetResult(Found());
    }

    [Fact]
    public async Task A_request_sees_the_text_as_it_was_when_it_was_sent()
    {
        var completion = new ScriptedCompletionService();
        await using var server = await ServerUnderTest.StartInitializedAsync(completion);
        await server.OpenAsync(Uri, "0");
        var answers = new List<Task>();
        for (var number = 1; number <= 30; number++)
        {
            await server.Client.NotifyAsync("textDocument/didChange", $$"""{"textDocument":{"uri":"{{Uri}}","version":{{number + 1}}},"contentChanges":[{"text":"{{number}}"}]}""");
            var reply = await server.AskAsync(Uri, 0, 0);
            answers.Add(reply.Result);
        }

        await Task.WhenAll(answers);

        Assert.All(completion.Requests, request => Assert.Equal(request.Document.Version - 1, int.Parse(request.Document.Text.ToString(), System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal("30", completion.Requests.MaxBy(request => request.Document.Version)?.Document.Text.ToString());
    }

    [Fact]
    public async Task An_edit_that_cuts_a_surrogate_pair_and_one_that_mends_it_are_both_applied()
    {
        var completion = new ScriptedCompletionService();
        await using var server = await ServerUnderTest.StartInitializedAsync(completion);
        await server.OpenAsync(Uri, "a😀b");
        Task EditAsync(int version, int from, int to, string escaped) => server.Client.SendFrameAsync(
            $$$"""{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"{{{Uri}}}","version":{{{version}}}},"contentChanges":[{"range":{"start":{"line":0,"character":{{{from}}}},"end":{"line":0,"character":{{{to}}}}},"text":"{{{escaped}}}"}]}}""");

        await EditAsync(2, 1, 3, "\\ud83d");
        await EditAsync(3, 2, 2, "\\ude01");
        await (await server.AskAsync(Uri, 0, 3)).Result;

        Assert.Equal("a😁b", Assert.Single(completion.Requests).Document.Text.ToString());
    }

    [Fact]
    public async Task What_became_of_an_answer_is_passed_on()
    {
        var feedback = new RecordingFeedback();
        await using var server = await ServerUnderTest.StartInitializedAsync(feedback: feedback);
        const string Item = """{"insertText":"x","command":{"title":"","command":"gptOss.didAcceptCompletion","arguments":["id-1"]}}""";

        await server.Client.NotifyAsync("textDocument/didFocus", $$$"""{"textDocument":{"uri":"{{{Uri}}}"}}""");
        await server.Client.NotifyAsync("textDocument/didFocus", "{}");
        await server.Client.NotifyAsync("textDocument/didShowCompletion", $$"""{"item":{{Item}}}""");
        await server.Client.NotifyAsync("textDocument/didShowCompletion", """{"item":{"insertText":"x","command":{"title":"","command":"someone.elses","arguments":["id-2"]}}}""");
        await server.Client.NotifyAsync("textDocument/didPartiallyAcceptCompletion", $$"""{"item":{{Item}},"acceptedLength":3}""");
        await server.Client.RequestAsync("workspace/executeCommand", """{"command":"gptOss.didAcceptCompletion","arguments":["id-1"]}""");
        var error = await Assert.ThrowsAsync<LspErrorException>(() => server.Client.RequestAsync("workspace/executeCommand", """{"command":"rm","arguments":["-rf"]}"""));

        Assert.Equal(-32602, error.Code);
        Assert.Equal(["shown id-1", "partly id-1 3", "accepted id-1"], feedback.Heard);
    }

    [Fact]
    public async Task What_a_taken_answer_needs_is_imported_by_an_edit_of_the_editor()
    {
        var (feedback, completion) = (new RecordingFeedback(), new ScriptedCompletionService().Answer(request => Found(Insert(request, "StringBuilder();") with { Usings = ["System.Text"] })));
        await using var server = await ServerUnderTest.StartInitializedAsync(completion, feedback: feedback, capabilities: """{"workspace":{"applyEdit":true}}""");
        await server.OpenAsync(Uri, "using System;\nusing Zoo;\n_ = new ");

        var command = (await (await server.AskAsync(Uri, 2, 8)).Result).GetProperty("items")[0].GetProperty("command");
        Assert.Equal($$$"""["StringBuilder();",{"textDocument":{"uri":"{{{Uri}}}"},"namespaces":["System.Text"]}]""", command.GetProperty("arguments").GetRawText());
        var pending = await server.Client.SendAsync("workspace/executeCommand", command.GetRawText());
        var sent = (await server.Client.ReplyAsync("workspace/applyEdit", """{"applied":true}""")).GetProperty("params");

        Assert.Equal(
            $$$$$"""{"label":"gpt-oss","edit":{"changes":{"{{{{{Uri}}}}}":[{"range":{"start":{"line":1,"character":0},"end":{"line":1,"character":0}},"newText":"using System.Text;\n"}]}}}""", sent.GetRawText());
        Assert.Equal("null", (await pending.Result).GetRawText());
        Assert.Equal(["accepted StringBuilder();"], feedback.Heard);
    }

    [Fact]
    public async Task An_editor_that_refuses_the_import_because_somebody_typed_is_asked_again()
    {
        await using var server = await ServerUnderTest.StartInitializedAsync(capabilities: """{"workspace":{"applyEdit":true}}""");
        await server.OpenAsync(Uri, "using System;\n_ = new ");

        var pending = await server.Client.SendAsync("workspace/executeCommand", Accepted);
        var first = (await server.Client.ReplyAsync("workspace/applyEdit", """{"applied":false}""")).GetProperty("params");
        var second = (await server.Client.ReplyAsync("workspace/applyEdit", """{"applied":true}""")).GetProperty("params");

        Assert.Equal(first.GetRawText(), second.GetRawText());
        Assert.Equal("null", (await pending.Result).GetRawText());
    }

    [Fact]
    public async Task An_editor_that_never_makes_the_import_is_left_alone_after_some_tries_and_the_status_says_so()
    {
        await using var server = await ServerUnderTest.StartInitializedAsync(capabilities: """{"workspace":{"applyEdit":true}}""");
        await server.OpenAsync(Uri, "using System;\n_ = new ");

        var pending = await server.Client.SendAsync("workspace/executeCommand", Accepted);
        for (var tries = 0; tries < 5; tries++)
        {
            await server.Client.ReplyAsync("workspace/applyEdit", """{"applied":false}""");
        }

        Assert.Equal("null", (await pending.Result).GetRawText());
        Assert.Equal("edit-not-applied", await ReasonAsync(server));
    }

    [Theory]
    [InlineData("{}", "using System;", """{"textDocument":{"uri":"file:///work/a.cs"},"namespaces":["System.Text"]}""")]
    [InlineData("""{"workspace":{"applyEdit":true}}""", "using System.Text;", """{"textDocument":{"uri":"file:///work/a.cs"},"namespaces":["System.Text"]}""")]
    [InlineData("""{"workspace":{"applyEdit":true}}""", "using System;", """{"textDocument":{"uri":"file:///not/open.cs"},"namespaces":["System.Text"]}""")]
    [InlineData("""{"workspace":{"applyEdit":true}}""", "using System;", """{"namespaces":7}""")]
    public async Task Nothing_is_imported_where_the_editor_cannot_or_nothing_is_missing(string capabilities, string text, string usings)
    {
        var feedback = new RecordingFeedback();
        await using var server = await ServerUnderTest.StartInitializedAsync(feedback: feedback, capabilities: capabilities);
        await server.OpenAsync(Uri, text);

        var result = await server.Client.RequestAsync("workspace/executeCommand", $$"""{"command":"gptOss.didAcceptCompletion","arguments":["id-1",{{usings}}]}""");

        Assert.Equal("null", result.GetRawText());
        Assert.Equal(["accepted id-1"], feedback.Heard);
    }

    [Fact]
    public async Task Documents_that_come_to_the_front_are_read_ahead_and_edits_are_passed_on()
    {
        var (completion, feedback) = (new ScriptedCompletionService(), new RecordingFeedback());
        await using var server = await ServerUnderTest.StartInitializedAsync(completion, feedback: feedback);

        await server.OpenAsync(Uri, "a");
        await server.Client.NotifyAsync("textDocument/didChange", $$"""{"textDocument":{"uri":"{{Uri}}","version":2},"contentChanges":[{"text":"b"}]}""");
        await server.Client.NotifyAsync("textDocument/didFocus", $$$"""{"textDocument":{"uri":"{{{Uri}}}"}}""");

        foreach (var expected in new[] { "a", "b" })
        {
            var document = await server.Client.Bounded(completion.WarmedUp.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask(), $"the text {expected} is read ahead");
            Assert.Equal(expected, document.Text.ToString());
        }

        Assert.Equal("b", Assert.Single(feedback.Edits).Text.ToString());
    }

    private static CompletionAnswer Found(params CompletionCandidate[] candidates) => new() { Candidates = [.. candidates], Reason = candidates is [] ? EmptyReasons.NothingGenerated : null };

    private static CompletionCandidate Insert(CompletionRequest request, string text) => new(text, text, new TextSpan(request.Offset, 0));

    private static async Task<string?> ReasonAsync(ServerUnderTest server) =>
        (await server.Client.RequestAsync("gptOss/status")).GetProperty("lastEmptyAnswer").GetProperty("code").GetString();
}
