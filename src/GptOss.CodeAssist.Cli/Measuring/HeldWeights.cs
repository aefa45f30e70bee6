using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Cli.Measuring;

/// <summary>Where llama.cpp says that it put a model's weights, read from its log: what it copied (weights that are laid out anew) and what it uses as it lies in the file.</summary>
/// <remarks>A copied weight's part of the mapped file stays in memory for as long as the system likes, so that what is resident says little by itself.</remarks>
internal sealed partial class HeldWeights : ILogger
{
    private const string Mapped = "_Mapped";

    private long _copied;
    private long _mapped;

    /// <summary>
    /// The part of this process's resident memory that is weights: the copies, and of the mapped files what is in memory.
    /// Where the system does not say that, all that is used of them counts.
    /// </summary>
    /// <param name="files">The model's files.</param>
    public long ResidentBytes(IReadOnlyCollection<string> files) =>
        Interlocked.Read(ref _copied) + (OperatingSystem.IsLinux() ? ResidentBytesOf(File.ReadLines("/proc/self/smaps"), files) : Interlocked.Read(ref _mapped));

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        // Lines as `load_tensors:   CPU_REPACK model buffer size =  12.34 MiB`; a GPU's are no memory of this process.
        if (BufferLine().Match(formatter(state, exception)) is { Success: true } line && line.Groups["where"].Value is var where && (where.StartsWith("CPU", StringComparison.Ordinal) || where.EndsWith("_Host", StringComparison.Ordinal)))
        {
            var bytes = (long)(double.Parse(line.Groups["size"].Value, CultureInfo.InvariantCulture) * 1024 * 1024);
            Interlocked.Add(ref where.EndsWith(Mapped, StringComparison.Ordinal) ? ref _mapped : ref _copied, bytes);
        }
    }

    /// <summary>Sums what Linux's table of mappings (proc_pid_smaps(5)) says is in memory of these files.</summary>
    internal static long ResidentBytesOf(IEnumerable<string> mappings, IReadOnlyCollection<string> files)
    {
        var (isModel, kilobytes) = (false, 0L);
        foreach (var line in mappings)
        {
            // A mapping begins with its addresses in small hexadecimal letters and ends with its file; the lines about it begin with a capital.
            if (line.Length > 0 && !char.IsAsciiLetterUpper(line[0]))
            {
                isModel = files.Any(file => line.EndsWith($" {file}", StringComparison.Ordinal));
            }
            else if (isModel && line.StartsWith("Rss:", StringComparison.Ordinal))
            {
                kilobytes += long.Parse(line.AsSpan(4, line.Length - 6), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
            }
        }

        return kilobytes * 1024;
    }

    [GeneratedRegex(@"(?<where>\S+) model buffer size = +(?<size>[0-9.]+) MiB")]
    private static partial Regex BufferLine();
}
