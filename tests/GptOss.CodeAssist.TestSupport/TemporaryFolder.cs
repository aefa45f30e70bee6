namespace GptOss.CodeAssist.TestSupport;

/// <summary>A folder of its own for one test, gone afterwards.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>The folder's full path.</summary>
    public string FullName { get; } = Directory.CreateTempSubdirectory("gptoss-codeassist-test-").FullName;

    /// <summary>The full path of a file or folder in it.</summary>
    public string PathOf(params ReadOnlySpan<string> names) => Path.Combine([FullName, .. names]);

    public void Dispose() => Directory.Delete(FullName, recursive: true);
}
