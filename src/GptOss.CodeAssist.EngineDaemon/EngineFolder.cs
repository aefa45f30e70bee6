namespace GptOss.CodeAssist.EngineDaemon;

/// <summary>The folder in which a user's engines are found: sockets, locks, logs. Nobody else may look into it.</summary>
public sealed class EngineFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // sockaddr_un.sun_path holds 104 bytes on macOS and 108 on Linux, the closing zero included; a name takes 22.
    private const int MaxPathBytes = 103 - 22;

    private EngineFolder(string path) => FullName = path;

    /// <summary>Full path.</summary>
    public string FullName { get; }

    /// <summary>
    /// The folder of this user: <c>GPTOSS_ENGINE_DIR</c> where it is set, else below the user's runtime folder (<c>XDG_RUNTIME_DIR</c>),
    /// else below the user's local application data.
    /// </summary>
    /// <remarks>Never below the shared temporary folder, where another user could have made it before.</remarks>
    /// <exception cref="IOException">There is no place for it, or it cannot be made private; the message says what to do.</exception>
    public static EngineFolder OpenDefault()
    {
        if (Environment.GetEnvironmentVariable("GPTOSS_ENGINE_DIR") is { Length: > 0 } chosen)
        {
            return Open(Path.GetFullPath(chosen));
        }

        var runtime = OperatingSystem.IsWindows() ? null : Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        var parent = runtime is { Length: > 0 } && Directory.Exists(runtime)
            ? runtime
            : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create);
        return parent.Length == 0
            ? throw new IOException("There is no folder for the shared engine: the user has no home folder. Set XDG_RUNTIME_DIR or GPTOSS_ENGINE_DIR, or use --engine embedded.")
            : Open(Path.Combine(parent, "gptoss-codeassist"));
    }

    /// <summary>Makes the folder if it is not there, and sees to it that only its owner may use it.</summary>
    /// <exception cref="IOException">It cannot be made, belongs to somebody else, or its path is too long for a socket.</exception>
    public static EngineFolder Open(string path)
    {
        if (!OperatingSystem.IsWindows() && System.Text.Encoding.UTF8.GetByteCount(path) > MaxPathBytes)
        {
            throw new IOException($"{path} is too long a path for a socket; set GPTOSS_ENGINE_DIR to a shorter folder, or use --engine embedded.");
        }

        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path);
                return new EngineFolder(path);
            }

            var folder = Directory.CreateDirectory(path, OwnerOnly);
            if (folder.LinkTarget is not null)
            {
                throw new IOException($"{path} is a link; the shared engine wants a folder of its own. Remove it, or use --engine embedded.");
            }

            // Refused by the system unless the folder is ours.
            File.SetUnixFileMode(path, OwnerOnly);
            return new EngineFolder(path);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException($"{path} cannot be used for the shared engine: {exception.Message} Set GPTOSS_ENGINE_DIR to a folder of yours, or use --engine embedded.", exception);
        }
    }

    /// <summary>Where an engine is found, whether it runs or not.</summary>
    public EngineAddress At(string name) => new(this, name);

    /// <summary>Every engine that ever ran here, in order of its name.</summary>
    public IReadOnlyList<EngineAddress> List() =>
        [.. Directory.EnumerateFiles(FullName, "*" + EngineAddress.OwnerExtension).Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal).Select(At)];
}
