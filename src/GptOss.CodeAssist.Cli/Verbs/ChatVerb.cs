using System.CommandLine;
using System.Text;
using System.Text.Json;
using GptOss.CodeAssist.Assistant;
using GptOss.CodeAssist.Assistant.Chat;
using GptOss.CodeAssist.Assistant.Turns;
using GptOss.CodeAssist.Cli.Showing;
using GptOss.CodeAssist.Settings;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary><c>chat</c>: a conversation in the terminal, or one question and its answer.</summary>
internal sealed class ChatVerb(GlobalOptions options, CliEnvironment environment)
{
    private const string ConversationId = "terminal";
    private const string Block = "\"\"\"";
    private const string Commands = $"/file PATH adds a file, /effort low|medium|high, /reset forgets, /exit or Ctrl-D leaves.\nCtrl-C stops an answer, {Block} begins and ends a text of several lines.";

    private readonly Argument<string?> _message = new("message")
    {
        HelpName = "MESSAGE",
        Arity = ArgumentArity.ZeroOrOne,
        Description = "One question; without it a conversation, or what is piped in.",
    };

    private readonly Option<string[]> _files = new("--file", "-f") { HelpName = "FILE", Description = "A file to look at; its folder's solution is open to the model." };
    private readonly Option<string?> _effort = EffortOption.Create();
    private readonly Option<bool> _noTools = new("--no-tools") { Description = "The model may not look into the solution by itself." };

    private readonly Command _command = new("chat", "Talks with the model about code.");

    public Command Create()
    {
        foreach (Option option in new Option[] { _files, _effort, _noTools, options.Trust, options.Json })
        {
            _command.Options.Add(option);
        }

        _command.Arguments.Add(_message);
        _command.SetAction(RunAsync);
        return _command;
    }

    /// <summary>Whether a command line begins a conversation, which takes Ctrl-C for its answer and not for itself.</summary>
    public bool IsConversation(ParseResult parsed) => parsed.CommandResult.Command == _command && environment.IsInputTerminal && parsed.GetValue(_message) is null;

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var talk = new Talk(EffortOption.Find(parsed.GetValue(_effort)), !parsed.GetValue(_noTools));
        foreach (var file in parsed.GetValue(_files) ?? [])
        {
            talk.Files.Add(SourceFile.Open(file));
        }

        using var input = new StreamReader(environment.Input, leaveOpen: true);
        var message = parsed.GetValue(_message) ?? (environment.IsInputTerminal ? null : await input.ReadToEndAsync(cancellationToken));
        if (message is not null && string.IsNullOrWhiteSpace(message))
        {
            throw CommandFailure.Usage("There is no question: write one after `chat`, or pipe one in.");
        }

        if (message is null && parsed.GetValue(options.Json))
        {
            throw CommandFailure.Usage("--json answers one question: write it after `chat`.");
        }

        var logger = new StandardErrorLogger(environment.Error, parsed.GetValue(options.LogLevel) ?? LogLevel.Critical, environment.Time);
        var settings = options.OpenSettings(parsed, environment);
        await using var assistant = LocalAssistant.Start(environment, ModelPath.CheckForEngine(environment, settings.For(null).Get(SettingsSchema.Model)), logger, settings: settings);
        await assistant.WaitForModelAsync(cancellationToken);
        if (!parsed.GetValue(options.Json) && ChatModelCheck.FindRefusal(assistant.Engine.Status) is { } refusal)
        {
            throw CommandFailure.Failed(refusal.Message);
        }

        // Without a file, the folder that the terminal is in counts, as for a file in it.
        var folder = WorkspaceFolder.Find(talk.Files.FirstOrDefault()?.Path ?? Path.GetFullPath("Program.cs"));
        await using var workspace = await LocalWorkspace.OpenAsync(folder, assistant.Engine, logger, environment, GlobalOptions.ReadTrust(settings, environment, logger), cancellationToken);
        var chat = workspace.CreateChat();
        await using var writer = environment.OpenWriter();
        writer.AutoFlush = true;
        if (message is null)
        {
            await TalkAsync(chat, talk, input, environment.OpenConsole(writer), cancellationToken);
            return ExitCodes.Done;
        }

        var answer = parsed.GetValue(options.Json)
            ? await ReportAsync(chat, talk, message, writer, cancellationToken)
            : await AskAsync(chat, talk, message, environment.OpenConsole(writer), cancellationToken);
        return answer.Reason is null ? ExitCodes.Done : ExitCodes.Failed;
    }

    private async Task TalkAsync(ChatService chat, Talk talk, StreamReader input, IAnsiConsole console, CancellationToken cancellationToken)
    {
        console.WriteLine(Commands, new Style(Color.Grey));
        while (true)
        {
            console.Write("> ", new Style(Color.Teal));
            var line = await ReadAsync(input, cancellationToken);
            if (line is null && environment.IsOutputTerminal)
            {
                // Ctrl-D leaves the shell's prompt a line of its own.
                console.WriteLine();
            }

            if (line is null || line.Trim() == "/exit")
            {
                return;
            }

            if (line.StartsWith('/'))
            {
                console.WriteLine(Command(chat, talk, line), new Style(Color.Grey));
            }
            else if (!string.IsNullOrWhiteSpace(line))
            {
                await AskUntilInterruptedAsync(chat, talk, line, console, cancellationToken);
            }
        }
    }

    /// <summary>One line, or what stands between two marks of a block; null at the end.</summary>
    private static async Task<string?> ReadAsync(StreamReader input, CancellationToken cancellationToken)
    {
        var line = await input.ReadLineAsync(cancellationToken);
        if (line is null || !line.TrimStart().StartsWith(Block, StringComparison.Ordinal))
        {
            return line;
        }

        var text = new StringBuilder(line.TrimStart()[Block.Length..]);
        while (!text.ToString().Contains(Block, StringComparison.Ordinal) && await input.ReadLineAsync(cancellationToken) is { } next)
        {
            text.Append('\n').Append(next);
        }

        return text.ToString().Split(Block)[0].Trim('\n');
    }

    private async Task AskUntilInterruptedAsync(ChatService chat, Talk talk, string message, IAnsiConsole console, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var interrupts = environment.WatchInterrupts(() =>
        {
            // Who presses it twice wants to leave.
            var isFirst = !stop.IsCancellationRequested;
            stop.Cancel();
            return isFirst;
        });
        try
        {
            await AskAsync(chat, talk, message, console, stop.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            console.WriteLine("Stopped; the conversation is as it was before the question.", new Style(Color.Grey));
        }
    }

    /// <summary>Does what a line with a slash says, and tells it.</summary>
    private static string Command(ChatService chat, Talk talk, string line)
    {
        var (name, value) = line.Split(' ', 2, StringSplitOptions.TrimEntries) is [var first, var second] ? (first, second) : (line.Trim(), "");
        switch (name)
        {
            case "/reset":
                chat.Reset(ConversationId);
                return "Forgotten.";
            case "/effort" when EffortOption.Find(value) is { } effort:
                talk.Effort = effort;
                return $"Effort {value}.";
            case "/effort":
                return "The effort is low, medium or high.";
            case "/file" when value.Length > 0:
                try
                {
                    talk.Files.Add(SourceFile.Open(value));
                    return $"{value} goes with the next question.";
                }
                catch (CommandFailure failure)
                {
                    return failure.Message;
                }

            default:
                return Commands;
        }
    }

    private async Task<ChatAnswer> AskAsync(ChatService chat, Talk talk, string message, IAnsiConsole console, CancellationToken cancellationToken)
    {
        var markdown = new MarkdownStream(console);
        var isThinking = false;
        ChatAnswer answer;
        try
        {
            answer = await chat.AskAsync(talk.Ask(message), Show, cancellationToken);
            talk.Files.Clear();
        }
        finally
        {
            EndThought();
            markdown.Finish();
        }

        if (answer.Reason is { } reason)
        {
            await environment.Error.WriteLineAsync(reason.Message);
        }

        return answer;

        void Show(ChatEvent happened)
        {
            // Thoughts and look-ups are for people who watch; a pipe gets the answer alone.
            if (happened is ChatEvent.Answer piece)
            {
                EndThought();
                markdown.Write(piece.Text);
            }
            else if (happened is ChatEvent.Notice notice)
            {
                environment.Error.WriteLine(notice.Message);
            }
            else if (environment.IsOutputTerminal && happened is ChatEvent.Reasoning thought)
            {
                isThinking = true;
                console.Write(string.Concat(thought.Text.Where(character => !char.IsControl(character) || character is '\n')), new Style(Color.Grey, decoration: Decoration.Dim));
            }
            else if (environment.IsOutputTerminal && happened is ChatEvent.ToolCalled call)
            {
                EndThought();
                console.WriteLine($"… {string.Concat(call.Call.Where(character => !char.IsControl(character)))}", new Style(Color.Grey));
            }
        }

        void EndThought()
        {
            if (isThinking)
            {
                console.WriteLine();
                isThinking = false;
            }
        }
    }

    private static async Task<ChatAnswer> ReportAsync(ChatService chat, Talk talk, string message, StreamWriter writer, CancellationToken cancellationToken)
    {
        var (lookups, notices) = (new List<string>(), new List<string>());
        var answer = await chat.AskAsync(talk.Ask(message), happened =>
        {
            if (happened is ChatEvent.ToolCalled call)
            {
                lookups.Add(call.Call);
            }
            else if (happened is ChatEvent.Notice notice)
            {
                notices.Add(notice.Message);
            }
        }, cancellationToken);
        await writer.WriteLineAsync(JsonSerializer.Serialize(new ChatReport(answer.Text, answer.Reasoning, answer.Reason, lookups, notices), CliJson.Readable.ChatReport));
        return answer;
    }

    /// <summary>What the person has set; a file goes to the model with the next question that is answered.</summary>
    private sealed class Talk(Effort? effort, bool useTools)
    {
        public Effort? Effort { get; set; } = effort;

        public List<DocumentSnapshot> Files { get; } = [];

        public ChatRequest Ask(string message) => new()
        {
            Message = message,
            ConversationId = ConversationId,
            Effort = Effort,
            Attachments = [.. Files],
            UseTools = useTools,
        };
    }
}
