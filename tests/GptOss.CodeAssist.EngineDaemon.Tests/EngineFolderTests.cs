using System.Diagnostics;
using GptOss.CodeAssist.TestSupport;

namespace GptOss.CodeAssist.EngineDaemon.Tests;

/// <summary>Nobody but the user gets near the engine.</summary>
public sealed class EngineFolderTests
{
    private const UnixFileMode Everybody = (UnixFileMode)0x1FF;

    [Fact]
    public async Task The_folder_is_0700_and_the_socket_0600()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows keeps pipes to their user by access lists, not by modes.");
            return;
        }

        using var temporary = new TemporaryFolder();
        var path = temporary.PathOf("engines");
        Directory.CreateDirectory(path, Everybody);
        File.SetUnixFileMode(path, Everybody);

        var folder = EngineFolder.Open(path);
        await using var listener = folder.At("a").CreateListener();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.At("a").PipeName));
    }

    [Fact]
    public void A_link_is_refused()
    {
        using var temporary = new TemporaryFolder();
        Directory.CreateDirectory(temporary.PathOf("elsewhere"));
        File.CreateSymbolicLink(temporary.PathOf("engines"), temporary.PathOf("elsewhere"));

        Assert.Contains("is a link", Assert.Throws<IOException>(() => EngineFolder.Open(temporary.PathOf("engines"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_that_no_socket_can_have_is_refused_with_what_to_do()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Pipes have no paths on Windows.");
        using var temporary = new TemporaryFolder();

        var failure = Assert.Throws<IOException>(() => EngineFolder.Open(temporary.PathOf(new string('x', 80))));

        Assert.Contains("GPTOSS_ENGINE_DIR", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_user_is_refused_by_the_host_even_where_the_files_would_let_him_in()
    {
        if (OperatingSystem.IsWindows() || !OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess || !File.Exists("/usr/bin/setpriv") || !File.Exists("/usr/bin/python3"))
        {
            Assert.Skip("Becoming another user takes root, setpriv and Python.");
            return;
        }

        var stop = TestContext.Current.CancellationToken;
        await using var under = new HostUnderTest();
        await under.Connect().AnswerAsync();
        for (var folder = new DirectoryInfo(under.Folder.FullName); folder.FullName.StartsWith(Path.GetTempPath(), StringComparison.Ordinal) && folder.Parent is not null; folder = folder.Parent)
        {
            File.SetUnixFileMode(folder.FullName, Everybody);
        }

        const string Visit = """
            import json, socket, struct, sys
            s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])
            m = json.dumps({"protocol": 1, "build": "test build", "intent": "Look", "processId": 1}).encode()
            s.settimeout(60)
            try:
                s.sendall(struct.pack("<i", len(m)) + m); print(len(s.recv(100)))
            except OSError: print(0)
            """;

        Assert.True(await RunAsync([]) > 0);
        // Every new listener closes the socket's mode again.
        File.SetUnixFileMode(under.Address.PipeName, Everybody);
        Assert.Equal(0, await RunAsync(["/usr/bin/setpriv", "--reuid=65534", "--clear-groups", "--"]));
        Assert.Equal("answer", await under.Connect().AnswerAsync());

        // How many bytes the host answers.
        async Task<int> RunAsync(string[] prefix)
        {
            string[] command = [.. prefix, "/usr/bin/python3", "-c", Visit, under.Address.PipeName];
            using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true })!;
            var output = await process.StandardOutput.ReadToEndAsync(stop);
            await process.WaitForExitAsync(stop);
            return int.Parse(output, System.Globalization.CultureInfo.InvariantCulture);
        }
    }
}
