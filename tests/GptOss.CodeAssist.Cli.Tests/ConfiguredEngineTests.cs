using GptOss.CodeAssist.Assistant.Completion;
using GptOss.CodeAssist.Settings;

namespace GptOss.CodeAssist.Cli.Tests;

public sealed class ConfiguredEngineTests
{
    [Fact]
    public void The_settings_defaults_are_those_of_completion() =>
        Assert.Equal(CompletionOptions.Default, ConfiguredEngine.ReadPolicy(new SettingsSnapshot()).Options);
}
