namespace GptOss.CodeAssist.EngineDaemon;

/// <summary>A lock between processes that the system takes back when its holder dies.</summary>
internal sealed class FileLock : IDisposable
{
    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>The lock, or null while somebody else holds it.</summary>
    public static FileLock? TryTake(string path)
    {
        try
        {
            // On Unix .NET turns FileShare.None into flock(2), which belongs to the open file and ends with its process.
            return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();
}
