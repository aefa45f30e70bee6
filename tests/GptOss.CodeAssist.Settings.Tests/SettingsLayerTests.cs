namespace GptOss.CodeAssist.Settings.Tests;

public sealed class SettingsLayerTests
{
    private static readonly SettingsOrigin File = new(SettingsRank.UserFile, "FILE");

    [Theory]
    [InlineData("""{ "completion": { "maxLines": 3 } }""")]
    [InlineData("""{ "completion.maxLines": 3 }""")]
    [InlineData("""{ "$schema": "x", /* of late */ "completion": { "maxLines": 3, "gate": null, }, }""")]
    public void Groups_dots_comments_and_nulls_are_understood(string json)
    {
        var layer = SettingsLayer.Parse(json, File);

        Assert.Empty(layer.Problems);
        Assert.Equal(3, new SettingsSnapshot(layer).Get(SettingsSchema.MaxLines));
        Assert.Equal(File, new SettingsSnapshot(layer).OriginOf(SettingsSchema.MaxLines));
        Assert.Equal(SettingsOrigin.BuiltIn, new SettingsSnapshot(layer).OriginOf(SettingsSchema.Gate));
    }

    [Theory]
    [InlineData("""{ "completion": { "maxLines": 500 } }""", "completion.maxLines is 500 in FILE, where it wants a whole number from 1 to 100; it does not count.")]
    [InlineData("""{ "completion": { "maxLines": 1.5 } }""", "completion.maxLines is 1.5 in FILE, where it wants a whole number from 1 to 100; it does not count.")]
    [InlineData("""{ "completion": { "gate": "yes" } }""", "completion.gate is \"yes\" in FILE, where it wants true or false; it does not count.")]
    [InlineData("""{ "completion": 7 }""", "completion in FILE is no setting; it does not count.")]
    [InlineData("""{ "completion": { "disabledLanguages": [1] } }""", "completion.disabledLanguages is [1] in FILE, where it wants a list of texts; it does not count.")]
    [InlineData("""{ "log": { "level": "loud" } }""", "log.level is \"loud\" in FILE, where it wants one of Trace, Debug, Information, Warning, Error, None; it does not count.")]
    [InlineData("""{ "completion.minConfidence": 2 }""", "completion.minConfidence is 2 in FILE, where it wants a number from 0 to 1; it does not count.")]
    [InlineData("""{ "completion": { "maxLinse": 3 } }""", "completion.maxLinse in FILE is no setting (is completion.maxLines meant?); it does not count.")]
    [InlineData("""{ "something": { "else": 3 } }""", "something in FILE is no setting; it does not count.")]
    [InlineData("[]", "FILE holds [], where it wants an object; none of its settings count.")]
    [InlineData("{\n  \"a\" 1 }", "FILE is no JSON (line 2, column 7); none of its settings count.")]
    public void A_bad_value_is_one_sentence_and_counts_for_nothing(string json, string expected)
    {
        var layer = SettingsLayer.Parse(json, File);

        Assert.Equal(expected, Assert.Single(layer.Problems));
        Assert.Empty(layer.Values);
    }

    [Fact]
    public void An_editors_client_may_keep_settings_of_its_own_beside_these()
    {
        var layer = SettingsLayer.Parse("""{ "model": "", "server": { "path": "" }, "trace": { "server": "off" }, "languages": { "*": false }, "completion": { "maxLinse": 3 } }""", SettingsOrigin.Editor);

        Assert.Contains("is completion.maxLines meant?", Assert.Single(layer.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_good_value_beside_a_bad_one_counts()
    {
        var layer = SettingsLayer.Parse("""{ "slots": 0, "threads": 2, "log.level": "debug" }""", File);

        Assert.Single(layer.Problems);
        Assert.Equal((2, "Debug"), (new SettingsSnapshot(layer).Get(SettingsSchema.Threads), new SettingsSnapshot(layer).Get(SettingsSchema.LogLevel)));
    }

    [Fact]
    public void A_workspace_does_not_decide_what_is_loaded_or_asked() => Assert.All(
        SettingsSchema.All.Where(setting => setting.Scope == SettingScope.User && setting.DefaultJson is not null),
        setting => Assert.Contains(
            "a workspace may not decide it",
            Assert.Single(SettingsLayer.Parse($$"""{ "{{setting.Key}}": {{setting.DefaultJson!.ToJsonString()}} }""", new SettingsOrigin(SettingsRank.WorkspaceFile, "FILE")).Problems),
            StringComparison.Ordinal));

    [Fact]
    public void Every_default_is_a_value_of_its_setting() => Assert.All(SettingsSchema.All.Where(setting => setting.DefaultJson is not null), setting =>
        Assert.Empty(SettingsLayer.Parse($$"""{ "{{setting.Key}}": {{setting.DefaultJson!.ToJsonString()}} }""", File).Problems));
}
