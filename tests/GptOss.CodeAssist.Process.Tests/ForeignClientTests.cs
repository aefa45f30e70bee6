using System.Diagnostics;
using System.Text.Json;

namespace GptOss.CodeAssist.Process.Tests;

/// <summary>The whole program, driven by a protocol library that is not ours (Microsoft's, on Node.js).</summary>
public sealed class ForeignClientTests
{
    [Theory]
    [InlineData("embedded")]
    [InlineData("shared")]
    public async Task An_editor_gets_a_completion_of_the_starter_model(string engine)
    {
        await using var engines = new EngineProcesses();
        var report = await RunAsync(engines, engine);

        Assert.Equal("utf-16", report.GetProperty("initialize").GetProperty("capabilities").GetProperty("positionEncoding").GetString());
        Assert.Equal("ready", report.GetProperty("status").GetProperty("state").GetString());
        foreach (var item in report.GetProperty("invoked").GetProperty("items").EnumerateArray())
        {
            Assert.NotEqual("", item.GetProperty("insertText").GetString());
            var range = item.GetProperty("range");
            Assert.Equal((12, 12), (range.GetProperty("start").GetProperty("line").GetInt32(), range.GetProperty("end").GetProperty("line").GetInt32()));
        }

        Assert.NotEqual(0, report.GetProperty("invoked").GetProperty("items").GetArrayLength());
        Assert.Equal(1, report.GetProperty("automatic").GetProperty("items").GetArrayLength());
        // The answer may be out before the cancellation is in; nothing else is right.
        Assert.Contains(report.GetProperty("cancelled").ToString(), (string[])["-32800", "answered"]);
        Assert.Equal(-32601, report.GetProperty("unknown").GetInt32());
        Assert.Equal(JsonValueKind.Null, report.GetProperty("shutdown").ValueKind);
        Assert.Equal(0, report.GetProperty("exitCode").GetInt32());
        Assert.Equal("[]", report.GetProperty("errors").GetRawText());
        Assert.Equal("[]", report.GetProperty("unhandled").GetRawText());
    }

    private static async Task<JsonElement> RunAsync(EngineProcesses engines, string engine)
    {
        var start = new ProcessStartInfo("node", [SpawnedServer.Metadata("LspClient"), "dotnet", "exec", SpawnedServer.Program, "serve", "--engine", engine]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["GPTOSS_ENGINE_DIR"] = engines.Folder;
        using var node = System.Diagnostics.Process.Start(start)!;
        var (output, errors) = (node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            await node.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            node.Kill(entireProcessTree: true);
        }

        var (report, problem) = (await output, await errors);
        Assert.True(node.ExitCode == 0 && report.Length > 0, $"The client left with {node.ExitCode}.\n{problem}\n{report}");
        TestContext.Current.TestOutputHelper?.WriteLine(report);
        return JsonDocument.Parse(report).RootElement;
    }
}
