using System.CommandLine;
using System.CommandLine.Parsing;
using System.Reflection;
using GptOss.CodeAssist.Cli.Engines;
using GptOss.CodeAssist.Cli.Verbs;

namespace GptOss.CodeAssist.Cli;

/// <summary>The verbs, and what is common to them: errors are one line on stderr, exit codes mean something.</summary>
internal static class CommandLine
{
    /// <summary>The version with the commit it was built from.</summary>
    public static string Version { get; } =
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CliEnvironment environment)
    {
        var options = new GlobalOptions();
        var engines = new EngineSelection(environment);
        var hosting = environment;
        ParseResult? line = null;
        environment = environment with
        {
            StartEngine = engines.Start,
            FindModelServer = () => engines.Server,
            ReadCommandLine = () => line is null ? environment.ReadCommandLine() : options.ReadCommandLine(line),
        };
        var serve = new ServeVerb(options, environment);
        var chat = new ChatVerb(options, environment);
        var root = new RootCommand("A private coding assistant: runs gpt-oss models on this machine and serves any editor that speaks LSP.")
        {
            options.Model,
            options.Engine,
            options.LogLevel,
            options.Set,
        };
        Verb[] verbs =
        [
            new("serve", serve.Create),
            new("complete", () => new CompleteVerb(options, environment).Create()),
            new("act", () => new ActVerb(options, environment).Create()),
            new("chat", chat.Create),
            new("demo", () => new DemoVerb(options, environment).Create()),
            new("doctor", () => new DoctorVerb(options, environment).Create()),
            new("context", () => new ContextVerb(options, environment).Create()),
            new("eval", () => EvalVerb.Create(options, environment)),
            new("model", () => ModelVerb.Create(options, environment)),
            new("engine", () => new EngineVerb(options, hosting).Create()),
            new("config", () => ConfigVerb.Create(options, environment)),
            new("completions", () => new CompletionsVerb(environment).Create()),
            new("bench", () => new BenchVerb(options, environment).Create()),
            new("stats", () => new StatsVerb(options, environment).Create()),
        ];
        foreach (var verb in ChooseNeeded(verbs, arguments))
        {
            root.Subcommands.Add(verb.Create());
        }

        root.SetAction(async (parsed, cancellationToken) =>
        {
            if (!environment.IsInputTerminal)
            {
                return await serve.RunAsync(parsed, cancellationToken);
            }

            await environment.Error.WriteLineAsync("Say what to do: `gptoss-codeassist demo` shows completions, `--help` lists everything. Editors start `gptoss-codeassist serve`.");
            return ExitCodes.Usage;
        });

        var parse = line = root.Parse(arguments);
        // What a shell asks to be completed is unfinished, and no error.
        var isSuggestion = arguments is [var first, ..] && first.StartsWith("[suggest", StringComparison.Ordinal);
        if (parse.Errors.Count > 0 && !isSuggestion)
        {
            await environment.Error.WriteLineAsync(DescribeUsage(parse));
            return ExitCodes.Usage;
        }

        try
        {
            engines.Read(parse, options);
            // Help and version only: a verb opens its own writer, and the stream belongs to the protocol in serve.
            using var text = new StringWriter { NewLine = "\n" };
            var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = text, Error = environment.Error };
            invocation.ProcessTerminationTimeout = chat.IsConversation(parse) ? null : invocation.ProcessTerminationTimeout;
            var exitCode = await parse.InvokeAsync(invocation);
            await WriteAsync(environment, text.ToString());
            return exitCode;
        }
        catch (CommandFailure failure)
        {
            await environment.Error.WriteLineAsync(failure.Message);
            return failure.ExitCode;
        }
        catch (OperationCanceledException)
        {
            await environment.Error.WriteLineAsync("Cancelled.");
            return ExitCodes.Failed;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await environment.Error.WriteLineAsync(exception.Message);
            return ExitCodes.Failed;
        }
    }

    /// <summary>All verbs take longer to make than an editor's server takes to begin: where the command line begins with one, or says nothing at all, only that is made.</summary>
    private static Verb[] ChooseNeeded(Verb[] verbs, IReadOnlyList<string> arguments) => arguments is not [var first, ..]
        ? []
        : Array.Find(verbs, verb => verb.Name == first) is { } only ? [only] : verbs;

    /// <summary>What is wrong with a command line, in one line that leads to the right page of help.</summary>
    private static string DescribeUsage(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        var words = new List<string>();
        for (SymbolResult? result = parse.CommandResult; result is CommandResult { Command: not RootCommand } named; result = named.Parent)
        {
            words.Insert(0, named.Command.Name);
        }

        var help = $"Try `gptoss-codeassist {string.Concat(words.Select(word => $"{word} "))}--help`.";
        string[] below = [.. command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name)];
        if (command is not RootCommand && below.Length > 0 && parse.UnmatchedTokens.Count == 0)
        {
            return $"Say what to do: `gptoss-codeassist {string.Join(' ', words)} {string.Join('|', below)}`. {help}";
        }

        if (FindUnreadable(parse.Errors[0]) is { } unreadable)
        {
            return $"{unreadable} {help}";
        }

        var lines = parse.Errors[0].Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var message = lines.Length == 1 ? lines[0] : $"{lines[0]} {string.Join(", ", lines[1..])}.";
        return $"{message} {help}";
    }

    /// <summary>The parser calls a value's type by its name in .NET, which says nothing to whoever wrote the value; null for other errors.</summary>
    private static string? FindUnreadable(ParseError error)
    {
        if (error.SymbolResult is not OptionResult { Option: var option, Tokens: [var token, ..] })
        {
            return null;
        }

        var type = Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;
        var wanted = type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}" : type == typeof(int) ? "a whole number" : type == typeof(double) ? "a number" : null;
        return wanted is not null && error.Message.Contains(type.FullName!, StringComparison.Ordinal) ? $"{option.Name} wants {wanted}, not '{token.Value}'." : null;
    }

    private static async Task WriteAsync(CliEnvironment environment, string text)
    {
        if (text.Length > 0)
        {
            await using var writer = environment.OpenWriter();
            await writer.WriteAsync(text);
        }
    }

    /// <param name="Name">The word that it begins with.</param>
    private sealed record Verb(string Name, Func<Command> Create);
}
