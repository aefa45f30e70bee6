using System.Globalization;

namespace GptOss.CodeAssist.Cli.Showing;

/// <summary>Numbers of bytes for people: memory in binary units, files and downloads in decimal ones, as systems and the Hub show them.</summary>
internal static class Sizes
{
    public static string Binary(long bytes) => bytes >= 1L << 30
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:F2} GiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:F1} MiB");

    public static string Decimal(double bytes) => bytes switch
    {
        >= 1e9 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:F1} GB"),
        >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F1} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:F0} kB"),
    };
}
