using System.IO.Pipes;
using System.Security.Cryptography;
using System.Text;

namespace GptOss.CodeAssist.EngineDaemon;

/// <summary>Where one engine is found: its pipe and the files beside it.</summary>
/// <remarks>An engine's name is a hash of everything it depends on, so that whoever wants the same engine finds it, and nobody finds another.</remarks>
public sealed record EngineAddress
{
    internal const string OwnerExtension = ".owner";

    internal EngineAddress(EngineFolder folder, string name)
    {
        Folder = folder;
        Name = name;
    }

    public EngineFolder Folder { get; }

    /// <summary>16 hexadecimal digits.</summary>
    public string Name { get; }

    /// <summary>What the engine's process writes to stderr, llama.cpp's last words included.</summary>
    public string LogPath => PathOf(".log");

    /// <summary>What the engine's process is to do; only its owner may read it.</summary>
    public string OrderPath => PathOf(".json");

    /// <summary>The socket's path, or the pipe's name on Windows.</summary>
    internal string PipeName => OperatingSystem.IsWindows() ? $"gptoss-codeassist-{Environment.UserName}-{Name}" : PathOf(".sock");

    /// <summary>Held by the engine's process as long as it lives.</summary>
    internal string OwnerPath => PathOf(OwnerExtension);

    /// <summary>Held by whoever starts the engine.</summary>
    internal string LaunchPath => PathOf(".launch");

    /// <summary>Exists while an engine runs that has not left in order.</summary>
    internal string RunningPath => PathOf(".running");

    /// <summary>When engines were lost.</summary>
    internal string CrashPath => PathOf(".crashes");

    /// <summary>The name of the engine that <paramref name="order"/> describes.</summary>
    /// <param name="order">Build, model and options, in any stable form.</param>
    public static string NameOf(string order) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(order)).AsSpan(0, 8));

    /// <summary>Whether a process holds this address now, be it ready to talk or not.</summary>
    public bool IsOwned()
    {
        using var held = FileLock.TryTake(OwnerPath);
        return held is null;
    }

    /// <summary>Who else could reach the engine, a sentence for a person; null where only this user can.</summary>
    /// <remarks>On Windows the pipe itself names its only user; there are no files to look at.</remarks>
    public string? FindExposure()
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        foreach (var path in new[] { Folder.FullName, PipeName })
        {
            if (Path.Exists(path) && (File.GetUnixFileMode(path) & Others) != UnixFileMode.None)
            {
                return $"Other users may enter {path}; `chmod go= {path}` keeps them out.";
            }
        }

        return null;
    }

    /// <summary>A connection to the engine; null where none listens.</summary>
    /// <remarks>The system refuses a pipe that another user serves.</remarks>
    internal async Task<Stream?> FindConnectionAsync(CancellationToken cancellationToken)
    {
        var pipe = new NamedPipeClientStream(".", PipeName, PipeDirection.InOut, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
        try
        {
            await pipe.ConnectAsync(0, cancellationToken);
            return pipe;
        }
        catch (Exception exception) when (exception is TimeoutException or IOException)
        {
            await pipe.DisposeAsync();
            return null;
        }
        catch
        {
            await pipe.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for connections; the system refuses those of other users.</summary>
    internal NamedPipeServerStream CreateListener()
    {
        var pipe = new NamedPipeServerStream(
            PipeName, PipeDirection.InOut, NamedPipeServerStream.MaxAllowedServerInstances, PipeTransmissionMode.Byte, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(PipeName, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return pipe;
    }

    private string PathOf(string extension) => Path.Combine(Folder.FullName, Name + extension);
}
