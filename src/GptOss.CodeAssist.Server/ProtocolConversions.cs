using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using GptOss.CodeAssist.Assistant;
using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.Protocol;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Server;

/// <summary>Between the protocol's words (URI, line and UTF-16 character) and the assistant's (path, offset, span). Nothing here throws for a position.</summary>
internal static class ProtocolConversions
{
    /// <summary>The command that an accepted completion runs: the candidate's id, and what has to be imported for it.</summary>
    public const string DidAcceptCommand = "gptOss.didAcceptCompletion";

    // The protocol's numbers for an entry's kind, its format and its indentation.
    private const int SnippetKind = 15;
    private const int PlainText = 1;
    private const int AsItIs = 1;

    public static OpenDocument FromProtocol(TextDocumentItem item) =>
        new(item.Uri, new DocumentSnapshot(GetPath(item.Uri), LanguageIds.Normalize(item.LanguageId), item.Version, SourceText.From(item.Text)));

    /// <summary>Applies changes one after another; a place beyond the text means the nearest place inside.</summary>
    public static OpenDocument Apply(OpenDocument document, int version, IReadOnlyList<TextDocumentContentChange> changes)
    {
        foreach (var change in changes)
        {
            var text = change.Range is { } range
                ? document.Document.Text.WithChanges(new TextChange(GetSpan(document, range), change.Text))
                : SourceText.From(change.Text);
            document = new OpenDocument(document.Uri, document.Document with { Text = text });
        }

        return document with { Document = document.Document with { Version = version } };
    }

    /// <summary>Null when the position's line is not in the document: the editor is ahead of or behind the server.</summary>
    public static CompletionRequest? FindRequest(OpenDocument document, InlineCompletionParams parameters)
    {
        var context = parameters.Context;
        if (parameters.Position.Line < 0 || parameters.Position.Line >= document.Lines.Count)
        {
            return null;
        }

        var trigger = context?.TriggerKind == InlineCompletionTriggerKind.Invoked ? CompletionTrigger.Invoked : CompletionTrigger.Automatic;
        var selected = context?.SelectedCompletionInfo is { } info ? new SelectedCompletion(GetSpan(document, info.Range), info.Text) : null;
        return new CompletionRequest(document.Document, GetOffset(document, parameters.Position), trigger, selected);
    }

    /// <summary>Null when the candidate's span does not lie on one line, which the protocol forbids.</summary>
    public static InlineCompletionItem? FindItem(OpenDocument document, CompletionCandidate candidate)
    {
        var range = ToProtocol(document, candidate.Span);
        return range.Start.Line != range.End.Line ? null : new InlineCompletionItem
        {
            InsertText = new InsertText(candidate.InsertText),
            Range = range,
            Command = AcceptanceOf(candidate, candidate.Usings.IsEmpty ? null : new GptOssMissingUsings { TextDocument = new TextDocumentIdentifier { Uri = document.Uri }, Namespaces = candidate.Usings }),
        };
    }

    /// <summary>The candidate as an entry of the pop-up; null when its span does not lie on one line, which the protocol forbids.</summary>
    /// <param name="caret">Offset in UTF-16 units. The entry also holds the word that ends there, because editors compare the two.</param>
    /// <param name="rank">Its place among the candidates, from 0.</param>
    /// <param name="imports">Edits that go with it.</param>
    public static CompletionItem? FindEntry(OpenDocument document, CompletionCandidate candidate, int caret, int rank, string? model, ImmutableArray<TextChange> imports)
    {
        if (FindItem(document, candidate) is null)
        {
            return null;
        }

        var text = document.Document.Text;
        var start = candidate.Span.Start;
        while (start > 0 && start <= caret && (char.IsLetterOrDigit(text[start - 1]) || text[start - 1] == '_'))
        {
            start--;
        }

        var whole = text.ToString(TextSpan.FromBounds(start, candidate.Span.Start)) + candidate.InsertText;
        var label = whole.TrimStart();
        var lineEnd = label.AsSpan().IndexOfAny('\r', '\n');
        return new CompletionItem
        {
            Label = lineEnd < 0 ? label : label[..lineEnd] + " …",
            Kind = SnippetKind,
            Detail = $"gptoss-codeassist: {model}",
            Documentation = new MarkupContent { Kind = "markdown", Value = $"```{document.Document.LanguageId}\n{whole}\n```" },
            // After what other servers know for certain.
            SortText = $"~{rank}",
            FilterText = whole,
            InsertTextFormat = PlainText,
            InsertTextMode = AsItIs,
            TextEdit = new TextEdit { Range = ToProtocol(document, TextSpan.FromBounds(start, candidate.Span.End)), NewText = whole },
            AdditionalTextEdits = imports.IsEmpty ? null : ToProtocol(document, imports),
            Command = AcceptanceOf(candidate, usings: null),
        };
    }

    private static Command AcceptanceOf(CompletionCandidate candidate, GptOssMissingUsings? usings) => new()
    {
        Title = "Completion accepted",
        Name = DidAcceptCommand,
        Arguments =
        [
            JsonSerializer.SerializeToElement(candidate.Id, ProtocolJson.Default.String),
            .. usings is null ? [] : new[] { JsonSerializer.SerializeToElement(usings, ProtocolJson.Default.GptOssMissingUsings) },
        ],
    };

    /// <summary>The candidate that an item came from; null when the item is not ours.</summary>
    public static string? FindCandidateId(Command? command) =>
        command is { Name: DidAcceptCommand, Arguments: [{ ValueKind: JsonValueKind.String } id, ..] } ? id.GetString() : null;

    /// <summary>What has to be imported for a candidate that was taken; null for nothing.</summary>
    public static GptOssMissingUsings? FindUsings(ExecuteCommandParams accepted)
    {
        try
        {
            return accepted.Arguments is [_, { ValueKind: JsonValueKind.Object } usings, ..] ? usings.Deserialize(ProtocolJson.Default.GptOssMissingUsings) : null;
        }
        catch (JsonException)
        {
            // Not what was sent: then the editor's own quick fix imports it.
            return null;
        }
    }

    [return: NotNullIfNotNull(nameof(reason))]
    public static GptOssEmptyAnswer? ToProtocol(EmptyReason? reason) => reason is null ? null : new GptOssEmptyAnswer { Code = reason.Code, Message = reason.Message };

    public static GptOssStatus ToProtocol(AssistantStatus status, EmptyReason? lastEmptyAnswer, int requestsInFlight, string version) => new()
    {
        State = status.State switch
        {
            AssistantState.Loading => "loading",
            AssistantState.Ready => "ready",
            _ => "failed",
        },
        Model = status.Model,
        LoadFraction = status.LoadFraction,
        Problem = status.Problem,
        LastEmptyAnswer = ToProtocol(lastEmptyAnswer),
        RequestsInFlight = requestsInFlight,
        ServerVersion = version,
    };

    /// <summary>The offset in UTF-16 units; a character beyond the line's end means the line's end, a line beyond the text means the text's end.</summary>
    public static int GetOffset(OpenDocument document, Position position)
    {
        if (position.Line < 0)
        {
            return 0;
        }

        if (position.Line >= document.Lines.Count)
        {
            return document.Document.Text.Length;
        }

        var (start, end) = (document.Lines.GetStart(position.Line), document.Lines.GetEnd(position.Line));
        return start + Math.Clamp(position.Character, 0, end - start);
    }

    public static TextSpan GetSpan(OpenDocument document, TextRange range)
    {
        var (start, end) = (GetOffset(document, range.Start), GetOffset(document, range.End));
        return TextSpan.FromBounds(Math.Min(start, end), Math.Max(start, end));
    }

    public static TextEdit[] ToProtocol(OpenDocument document, ImmutableArray<TextChange> changes) =>
        [.. changes.Select(change => new TextEdit { Range = ToProtocol(document, change.Span), NewText = change.NewText ?? "" })];

    public static TextRange ToProtocol(OpenDocument document, TextSpan span) => new()
    {
        Start = ToProtocol(document, span.Start),
        End = ToProtocol(document, span.End),
    };

    public static Position ToProtocol(OpenDocument document, int offset)
    {
        var line = document.Lines.GetLine(offset);
        return new Position { Line = line, Character = offset - document.Lines.GetStart(line) };
    }

    /// <summary>The file's path; for what is no file (an unsaved buffer), the URI's own path, which at least ends in the right name.</summary>
    public static string GetPath(string uri) =>
        Uri.TryCreate(uri, UriKind.Absolute, out var parsed)
            ? parsed.IsFile ? parsed.LocalPath : Uri.UnescapeDataString(parsed.AbsolutePath)
            : uri;
}
