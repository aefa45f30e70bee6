using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace GptOss.CodeAssist.Protocol.Tests;

/// <summary>JSON as the specification writes it goes in and comes out the same.</summary>
public sealed class RoundTripTests
{
    [Fact]
    public void Initialize_parameters_of_a_common_editor() => Check(
        ProtocolJson.Default.InitializeParams,
        """
        {
          "processId": 4711,
          "clientInfo": { "name": "Visual Studio Code", "version": "1.104.0" },
          "rootUri": "file:///home/me/src",
          "rootPath": "/home/me/src",
          "initializationOptions": { "anything": [1, "two", null] },
          "capabilities": {
            "window": { "workDoneProgress": true },
            "textDocument": { "inlineCompletion": { "dynamicRegistration": true } },
            "general": { "positionEncodings": ["utf-16"] },
            "experimental": { "gptOss": { "statusNotification": true } }
          },
          "workspaceFolders": [{ "uri": "file:///home/me/src", "name": "src" }]
        }
        """);

    [Fact]
    public void A_process_id_may_be_null_and_unknown_members_are_ignored()
    {
        var parameters = JsonSerializer.Deserialize("""{"processId":null,"capabilities":{"notebookDocument":{"synchronization":{}}},"trace":"off"}""", ProtocolJson.Default.InitializeParams)!;
        Assert.Null(parameters.ProcessId);
        Assert.NotNull(parameters.Capabilities);
    }

    [Fact]
    public void Opening_a_document() => Check(
        ProtocolJson.Default.DidOpenTextDocumentParams,
        """{ "textDocument": { "uri": "file:///a.cs", "languageId": "csharp", "version": 1, "text": "class A\r\n{ \"\ud83d\ude00\" }" } }""");

    [Fact]
    public void Incremental_and_whole_changes() => Check(
        ProtocolJson.Default.DidChangeTextDocumentParams,
        """
        {
          "textDocument": { "uri": "file:///a.cs", "version": 5 },
          "contentChanges": [
            { "range": { "start": { "line": 0, "character": 1 }, "end": { "line": 2, "character": 3 } }, "text": "x" },
            { "text": "all" }
          ]
        }
        """);

    [Fact]
    public void Half_a_surrogate_pair_in_a_text_is_kept()
    {
        Check("""\ud83d""", "\ud83d");
        Check("""a\"\\\/\b\f\n\r\t\u0041\ud83d\ude00é😀\ude00b""", "a\"\\/\b\f\n\r\tA😀é😀\ude00b");

        static void Check(string escaped, string text)
        {
            var opened = JsonSerializer.Deserialize($$$"""{"textDocument":{"uri":"a","languageId":"b","version":1,"text":"{{{escaped}}}"}}""", ProtocolJson.Default.DidOpenTextDocumentParams)!;
            var changed = JsonSerializer.Deserialize($$"""{"textDocument":{"uri":"a","version":1},"contentChanges":[{"text":"{{escaped}}"}]}""", ProtocolJson.Default.DidChangeTextDocumentParams)!;
            Assert.Equal((text, text), (opened.TextDocument.Text, changed.ContentChanges[0].Text));
        }
    }

    [Theory]
    [InlineData("5")]
    [InlineData("null")]
    public void A_text_that_is_no_string_is_refused(string text) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize($$"""{"textDocument":{"uri":"a","version":1},"contentChanges":[{"text":{{text}}}]}""", ProtocolJson.Default.DidChangeTextDocumentParams));

    [Fact]
    public void Asking_for_an_inline_completion_with_an_entry_selected() => Check(
        ProtocolJson.Default.InlineCompletionParams,
        """
        {
          "textDocument": { "uri": "file:///a.cs" },
          "position": { "line": 3, "character": 7 },
          "context": {
            "triggerKind": 1,
            "selectedCompletionInfo": { "range": { "start": { "line": 3, "character": 4 }, "end": { "line": 3, "character": 7 } }, "text": "Write" }
          }
        }
        """);

    [Fact]
    public void An_inline_completion_is_plain_text_or_a_snippet() => Check(
        ProtocolJson.Default.InlineCompletionList,
        """
        {
          "items": [
            {
              "insertText": "WriteLine();",
              "filterText": "Write",
              "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 5 } },
              "command": { "title": "Accepted", "command": "gptOss.didAcceptCompletion", "arguments": ["id", 1, { "a": null }] }
            },
            { "insertText": { "kind": "snippet", "value": "for (${1:i})" } }
          ]
        }
        """);

    [Theory]
    [InlineData("5")]
    [InlineData("""{"kind":"plain","value":"x"}""")]
    [InlineData("""{"kind":"snippet"}""")]
    [InlineData("[]")]
    public void Other_insert_texts_are_refused(string insertText) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize($$"""{"items":[{"insertText":{{insertText}}}]}""", ProtocolJson.Default.InlineCompletionList));

    [Fact]
    public void Progress_tokens_are_strings_or_integers()
    {
        Check(ProtocolJson.Default.WorkDoneProgressCreateParams, """{ "token": "gptOss/model-load" }""");
        Check(ProtocolJson.Default.WorkDoneProgressCreateParams, """{ "token": 17 }""");
        Check(ProtocolJson.Default.ProgressParams, """{ "token": 17, "value": { "kind": "begin", "title": "Loading the model", "percentage": 0, "cancellable": false } }""");
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("""{"token":1.5}""", ProtocolJson.Default.WorkDoneProgressCreateParams));
    }

    [Theory]
    [InlineData("""{"position":{"line":0,"character":0}}""")]
    [InlineData("""{"textDocument":null,"position":{"line":0,"character":0}}""")]
    [InlineData("""{"textDocument":{"uri":null},"position":{"line":0,"character":0}}""")]
    [InlineData("""{"textDocument":{"uri":"a"},"position":{"line":"0","character":0}}""")]
    [InlineData("""{"textDocument":{"uri":"a"},"position":{"line":4294967296,"character":0}}""")]
    [InlineData("[]")]
    public void Missing_null_and_mistyped_members_are_refused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, ProtocolJson.Default.InlineCompletionParams));

    private static void Check<T>(JsonTypeInfo<T> type, string json)
    {
        var value = JsonSerializer.Deserialize(json, type)!;
        var written = JsonSerializer.Serialize(value, type);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(written)), $"in:  {JsonNode.Parse(json)!.ToJsonString()}\nout: {written}");
    }
}
