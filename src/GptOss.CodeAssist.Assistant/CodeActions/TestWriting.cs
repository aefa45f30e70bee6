using GptOss.CodeAssist.Assistant.Prompts;
using GptOss.CodeAssist.Assistant.Turns;
using GptOss.CodeAssist.CSharpContext.Edits;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Assistant.CodeActions;

/// <summary>Writes unit tests: a new file of the test project, or text where there is no test project.</summary>
internal sealed class TestWriting(PromptLibrary prompts, RewriteRequests requests, ActionConversation conversation)
{
    public async Task<CodeActionResult> WriteAsync(CodeActionRequest request, ActionSite site, EditPiece piece, Action<string> onProgress, CancellationToken cancellationToken)
    {
        var tests = site.IsCompiled ? TestProjects.FindFor(site.Document.Project) : null;
        var framework = tests is null ? "xUnit" : TestProjects.FindFramework(tests);
        var task = prompts.Get(PromptNames.Action(CodeActionKinds.NameOf(CodeActionKind.Tests)));
        conversation.Begin(task, request.Effort.ToHarmony(), prompts.Get(PromptNames.Chat).Render(new Dictionary<string, string?> { ["has_tools"] = null }), repeatedCode: null);
        conversation.Add(requests.Write(request, site, piece, problem: null, task, framework));
        for (var isRepair = false; ; isRepair = true)
        {
            var answer = await conversation.AskAsync(codeOnly: true, cancellationToken);
            if (answer.Reason is not null)
            {
                return new CodeActionResult.Refused(answer.Reason);
            }

            if (tests?.FilePath is null)
            {
                return new CodeActionResult.Explained(answer.Text);
            }

            onProgress("Compiling the tests");
            var (file, problem, errors) = await CheckAsync(tests, answer.Text, cancellationToken);
            if (problem is null && file is not null)
            {
                return new CodeActionResult.Edited([file], EditVerification.Compiled, isRepair);
            }

            if (isRepair)
            {
                return new CodeActionResult.Refused(EmptyReasons.EditRejected(problem!), errors, file is null ? [] : [file]);
            }

            onProgress("Repairing the tests");
            conversation.Add(prompts.Get(PromptNames.Repair).Render(new Dictionary<string, string?> { ["errors"] = problem }));
        }
    }

    private static async Task<(FileEdit? File, string? Problem, System.Collections.Immutable.ImmutableArray<EditError> Errors)> CheckAsync(Project tests, string answer, CancellationToken cancellationToken)
    {
        if (CodeBlocks.Find(answer) is not [var code])
        {
            return (null, "The answer must hold exactly one fenced code block.", []);
        }

        var text = SourceText.From(code + "\n");
        var document = tests.AddDocument("Tests.cs", text);
        var root = await document.GetSyntaxRootAsync(cancellationToken);
        if (root?.DescendantNodes().OfType<ClassDeclarationSyntax>().FirstOrDefault() is not { } type)
        {
            return (null, "The code declares no test class.", []);
        }

        var path = FreePath(tests, type.Identifier.ValueText);
        document = tests.AddDocument(Path.GetFileName(path), text, filePath: path);
        var errors = await EditCheck.FindNewErrorsAsync(tests.Solution, document.Project.Solution, cancellationToken);
        return (FileEdit.NewFile(path, text), errors.IsEmpty ? null : RewriteAttempt.Describe(errors), errors);
    }

    private static string FreePath(Project tests, string className)
    {
        var folder = Path.GetDirectoryName(tests.FilePath)!;
        for (var number = 1; ; number++)
        {
            var path = Path.Combine(folder, $"{className}{(number == 1 ? "" : number)}.cs");
            if (tests.Documents.All(document => document.FilePath != path) && !File.Exists(path))
            {
                return path;
            }
        }
    }
}
