using System.Collections.Immutable;
using System.Text.Json;
using GptOss.CodeAssist.Assistant.CodeActions;
using GptOss.CodeAssist.Protocol;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Server;

/// <summary>Between the protocol's code actions and edits and the assistant's.</summary>
internal static class ActionConversions
{
    /// <summary>Takes an action that is no edit, and actions of editors that do not resolve.</summary>
    public const string ActionCommand = "gptOss.action";

    private const string OtherFiles = "gptOss/otherFiles";
    private const string Unverified = "gptOss/unverified";

    /// <summary>Every kind that <see cref="KindOf"/> gives.</summary>
    public static readonly string[] Kinds = ["quickfix", "refactor.extract", "refactor.rewrite", "gptOss.explain"];

    public static string KindOf(CodeActionKind kind) => kind switch
    {
        CodeActionKind.Fix => "quickfix",
        CodeActionKind.ExtractMethod => "refactor.extract",
        CodeActionKind.Explain => "gptOss.explain",
        _ => "refactor.rewrite",
    };

    /// <summary>Whether an editor that wants only some kinds wants this one: a kind includes those below it.</summary>
    public static bool IsWanted(string kind, IReadOnlyList<string>? only) =>
        only is null or [] || only.Any(wanted => wanted.Length == 0 || kind == wanted || kind.StartsWith(wanted + ".", StringComparison.Ordinal));

    public static ImmutableArray<CodeProblem> FromProtocol(OpenDocument document, IEnumerable<Diagnostic> diagnostics) =>
        [.. diagnostics.Select(diagnostic => FromProtocol(document, diagnostic)).OfType<CodeProblem>()];

    /// <summary>Null for a hint, and for a problem without a code: nobody could tell whether it went away.</summary>
    public static CodeProblem? FromProtocol(OpenDocument document, Diagnostic diagnostic) =>
        diagnostic.Severity is null or <= 2 && diagnostic.Code is { ValueKind: JsonValueKind.String or JsonValueKind.Number } code
            ? new CodeProblem(code.ToString(), diagnostic.Message, ProtocolConversions.GetSpan(document, diagnostic.Range))
            : null;

    public static Diagnostic ToProtocol(OpenDocument document, CodeProblem problem) => new()
    {
        Range = ProtocolConversions.ToProtocol(document, problem.Span),
        Code = JsonSerializer.SerializeToElement(problem.Id, ProtocolJson.Default.String),
        Message = problem.Message,
    };

    /// <summary>In the richest shape that the editor understands; null where it must create a file and cannot.</summary>
    /// <param name="main">The document that the person looks at: changes elsewhere ask for confirmation, and so does a fix of which nobody knows whether it is one.</param>
    public static WorkspaceEdit? FindEdit(Snapshot snapshot, OpenDocument main, CodeActionResult.Edited edited)
    {
        var (client, files) = (snapshot.Client, edited.Files);
        if (files.Any(file => file.OldText is null) && !client.CreatesFiles)
        {
            return null;
        }

        if (!client.DocumentChanges)
        {
            return new WorkspaceEdit { Changes = files.ToDictionary(file => UriOf(snapshot, file), file => (IReadOnlyList<TextEdit>)EditsOf(file, null)) };
        }

        var inMain = edited.Unverified is null ? null : Unverified;
        var changes = files.SelectMany(file => ChangesOf(snapshot, file, !client.ChangeAnnotations ? null : file.Path == main.Document.Path ? inMain : OtherFiles)).ToArray();
        var used = changes.SelectMany(change => (change.Edits ?? []).Select(edit => edit.AnnotationId).Append(change.AnnotationId)).OfType<string>().Distinct().ToArray();
        return new WorkspaceEdit
        {
            DocumentChanges = changes,
            ChangeAnnotations = used is [] ? null : used.ToDictionary(id => id, id => new ChangeAnnotation
            {
                Label = id == OtherFiles ? "Changes in other files" : $"Perhaps no fix of {edited.Unverified!.Id}",
                NeedsConfirmation = true,
                Description = id == OtherFiles ? null : FindDoubt(edited),
            }),
        };
    }

    /// <summary>What could not be checked of an edit, a sentence for the person; null where all was.</summary>
    public static string? FindDoubt(CodeActionResult.Edited edited) => (edited.Verification, edited.Unverified) switch
    {
        (EditVerification.Parsed, null) => "The change was parsed and not compiled: its file belongs to no project that is loaded.",
        (EditVerification.Parsed, { Id: var id }) => $"The change was parsed and not compiled, so that nobody can tell whether {id} is gone: its file belongs to no project that is loaded.",
        (_, { Id: var id }) => $"The change compiles, but whether {id} is gone could not be told: no analyzer here reports it.",
        _ => null,
    };

    private static IEnumerable<DocumentChange> ChangesOf(Snapshot snapshot, FileEdit file, string? annotation)
    {
        var uri = UriOf(snapshot, file);
        if (file.OldText is null)
        {
            yield return new DocumentChange { Kind = "create", Uri = uri, AnnotationId = annotation };
        }

        yield return new DocumentChange
        {
            TextDocument = new OptionalVersionedTextDocumentIdentifier { Uri = uri, Version = snapshot.FindDocument(uri)?.Document.Version },
            Edits = EditsOf(file, annotation),
        };
    }

    private static TextEdit[] EditsOf(FileEdit file, string? annotation)
    {
        var lines = new LineIndex(file.OldText ?? SourceText.From(""));
        return [.. file.Changes.Select(change => new TextEdit
        {
            Range = new TextRange { Start = PositionOf(lines, change.Span.Start), End = PositionOf(lines, change.Span.End) },
            NewText = change.NewText ?? "",
            AnnotationId = annotation,
        })];
    }

    private static Position PositionOf(LineIndex lines, int offset)
    {
        var line = lines.GetLine(offset);
        return new Position { Line = line, Character = offset - lines.GetStart(line) };
    }

    /// <summary>The editor's own spelling where the file is open.</summary>
    private static string UriOf(Snapshot snapshot, FileEdit file) =>
        snapshot.Documents.Values.FirstOrDefault(document => document.Document.Path == file.Path)?.Uri ?? new Uri(file.Path).AbsoluteUri;
}
