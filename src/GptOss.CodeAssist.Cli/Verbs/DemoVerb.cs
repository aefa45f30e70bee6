using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using GptOss.CodeAssist.Cli.Showing;
using Microsoft.CodeAnalysis.Text;
using Spectre.Console;

namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary><c>demo</c>: starts the real server as an editor would, opens a C# file, and shows what the editor would show.</summary>
internal sealed class DemoVerb(GlobalOptions options, CliEnvironment environment)
{
    private const string CaretMark = "$0";
    private static readonly Style Quiet = new(Color.Grey);

    public Command Create()
    {
        var command = new Command("demo", "Starts the language server as an editor would and shows completions in a C# file.") { options.Json };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (text, carets) = ReadSample();
        await using var writer = environment.OpenWriter();
        var console = parsed.GetValue(options.Json) ? null : environment.OpenConsole(writer);

        var started = environment.Time.GetTimestamp();
        string[] engine = parsed.GetValue(options.Engine) is { } choice ? ["--engine", choice] : [];
        string[] model = environment.FindModelServer() is { } remote
            ? remote.Model is { } name ? ["--model", name] : []
            : ["--model", ModelPath.Check(environment, options.FindModel(parsed, environment))];
        var server = environment.StartServer(["serve", "--log-level", "None", .. engine, .. model]);
        using var client = new LanguageClient(server.ToServer, server.FromServer);
        await client.InitializeAsync(cancellationToken);
        var initialized = environment.Time.GetElapsedTime(started);
        var modelName = await client.WaitForModelAsync(cancellationToken);
        var ready = environment.Time.GetElapsedTime(started);
        console?.WriteLine("A language server was started as an editor would start it, and OrderService.cs was opened in it.", Quiet);
        console?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"It answered after {initialized.TotalMilliseconds:F0} ms; its model was ready after {ready.TotalMilliseconds:F0} ms: {modelName}."), Quiet);

        await client.OpenAsync(text);
        var completions = ImmutableArray.CreateBuilder<DemoReport.Completion>();
        var moved = 0;
        foreach (var caret in carets)
        {
            var offset = caret + moved;
            var asked = environment.Time.GetTimestamp();
            var change = await client.CompleteAsync(text, offset, cancellationToken);
            var total = environment.Time.GetElapsedTime(asked);
            var place = text.Lines.GetLinePosition(offset);
            completions.Add(new DemoReport.Completion(place.Line + 1, place.Character + 1, change?.NewText, Math.Round(total.TotalMilliseconds, 3)));
            if (console is not null)
            {
                Show(console, text, offset, change, total);
                await writer.FlushAsync(cancellationToken);
            }

            if (change is { } taken)
            {
                await client.AcceptAsync(text, taken);
                text = text.WithChanges(taken);
                moved += taken.NewText!.Length - taken.Span.Length;
            }
        }

        await client.ExitAsync(cancellationToken);
        await server.Exit.WaitAsync(cancellationToken);
        console?.Write(new Text(
            "\nGhost text is green; each completion was taken before the next was asked for.\n"
            + "Try it on your own code:  gptoss-codeassist complete FILE.cs:LINE:COL\n"
            + "In your editor:           start `gptoss-codeassist serve` as a language server for C# (Neovim 0.12, VS Code, Emacs, any LSP 3.18 client)\n"
            + "Is everything in order?   gptoss-codeassist doctor\n"));
        if (console is null)
        {
            var report = new DemoReport(modelName, Math.Round(initialized.TotalMilliseconds, 3), Math.Round(ready.TotalMilliseconds, 3), completions.ToImmutable());
            await writer.WriteLineAsync(JsonSerializer.Serialize(report, CliJson.Readable.DemoReport));
        }

        if (completions.All(completion => completion.InsertText is null))
        {
            throw CommandFailure.Failed("The model had nothing to show at any of the places; try another model with --model, and `gptoss-codeassist doctor`.");
        }

        return ExitCodes.Done;
    }

    private static void Show(IAnsiConsole console, SourceText text, int offset, TextChange? change, TimeSpan total)
    {
        var place = text.Lines.GetLinePosition(offset);
        console.WriteLine();
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"OrderService.cs:{place.Line + 1}:{place.Character + 1} · {total.TotalMilliseconds:F1} ms"), new Style(decoration: Decoration.Bold));
        GhostTextView.Draw(console, text, change?.Span ?? new TextSpan(offset, 0), change?.NewText ?? "");
        if (change is null)
        {
            console.WriteLine("       nothing to show here", Quiet);
        }
    }

    /// <summary>The sample without its marks, and where they were.</summary>
    private static (SourceText Text, ImmutableArray<int> Carets) ReadSample()
    {
        using var stream = typeof(DemoVerb).Assembly.GetManifestResourceStream("DemoSample.cs")!;
        using var reader = new StreamReader(stream);
        var parts = reader.ReadToEnd().Split(CaretMark);
        var carets = parts.SkipLast(1).Select((_, index) => parts.Take(index + 1).Sum(part => part.Length));
        return (SourceText.From(string.Concat(parts)), [.. carets]);
    }
}
