using System.CommandLine;
using System.CommandLine.Completions;
using System.Text.Json.Nodes;
using GptOss.CodeAssist.Settings;

namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary><c>config set</c>: writes one value into the user's settings file.</summary>
internal sealed class ConfigSetVerb(CliEnvironment environment)
{
    private readonly Argument<string> _key = new("KEY") { Description = "For instance completion.maxLines; `config show` lists them." };

    private readonly Argument<string> _value = new("VALUE") { Description = "A number, true or false, text, or a list as JSON; null for the default." };

    public Command Create()
    {
        var command = new Command("set", "Sets a value in your own settings file.") { _key, _value };
        _key.CompletionSources.Add(_ => SettingsSchema.All.Select(setting => new CompletionItem(setting.Key)));
        command.SetAction(RunAsync);
        return command;
    }

    /// <exception cref="CommandFailure">The file cannot be changed.</exception>
    public static void Write(string file, Setting setting, JsonNode? value)
    {
        try
        {
            SettingsFile.Set(file, setting, value);
        }
        catch (InvalidDataException exception)
        {
            throw CommandFailure.Failed(exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CommandFailure.Failed($"{file} cannot be written: {exception.Message.TrimEnd('.')}. Make its folder yours and writable{(OperatingSystem.IsLinux() ? ", or let XDG_CONFIG_HOME name another" : "")}; until then the editor's settings and the command line can say what you want.");
        }
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (key, text) = (parsed.GetValue(_key)!, parsed.GetValue(_value)!);
        var setting = SettingArgument.Read(key, text, "Nothing was changed.").Setting;
        var value = SettingsLayer.ParseValue(text);
        var file = environment.OpenSettings().UserFile;
        Write(file, setting, value);
        await using var writer = environment.OpenWriter();
        await writer.WriteLineAsync($"{key} is {(value is null ? "the default again" : value.ToJsonString())} ({file}).{(setting.IsLive ? "" : " It counts when the server is started anew.")}");
        return ExitCodes.Done;
    }
}
