using System.Globalization;
using System.Text.RegularExpressions;

namespace GptOss.CodeAssist.CSharpContext.Workspace;

/// <summary>Short target framework names: <c>net10.0-windows</c>, <c>netstandard2.0</c>, <c>net472</c>.</summary>
internal sealed partial record FrameworkName(FrameworkFamily Family, Version Version)
{
    public const string Newest = "net10.0";

    private static readonly string[] CoreVersions = ["1_0", "1_1", "2_0", "2_1", "2_2", "3_0", "3_1"];
    private static readonly string[] StandardVersions = ["1_0", "1_1", "1_2", "1_3", "1_4", "1_5", "1_6", "2_0", "2_1"];
    private static readonly string[] FrameworkVersions = ["20", "35", "40", "45", "451", "452", "46", "461", "462", "47", "471", "472", "48", "481"];

    public static FrameworkName? Find(string name)
    {
        var match = Name().Match(name.Trim());
        if (!match.Success)
        {
            return null;
        }

        var digits = match.Groups["version"].Value;
        var hasDot = digits.Contains('.', StringComparison.Ordinal);
        var version = hasDot
            ? Version.Parse(digits)
            : new Version(digits[0] - '0', digits.Length > 1 ? digits[1] - '0' : 0, digits.Length > 2 ? digits[2] - '0' : 0);
        return match.Groups["family"].Value.ToLowerInvariant() switch
        {
            "netstandard" => new FrameworkName(FrameworkFamily.Standard, version),
            "netcoreapp" => new FrameworkName(FrameworkFamily.Core, version),
            _ when hasDot && version.Major >= 5 => new FrameworkName(FrameworkFamily.Core, version),
            _ => new FrameworkName(FrameworkFamily.Framework, version),
        };
    }

    /// <summary>The one of several target frameworks that an editor should show: the newest .NET, and of its platforms none.</summary>
    public static string Choose(IEnumerable<string> frameworks) => frameworks
        .Select((name, index) => (name, index, parsed: Find(name)))
        .OrderByDescending(entry => entry.parsed?.Family ?? FrameworkFamily.Framework)
        .ThenByDescending(entry => entry.parsed?.Version ?? new Version(0, 0))
        .ThenBy(entry => entry.name.Contains('-', StringComparison.Ordinal))
        .ThenBy(entry => entry.index)
        .Select(entry => entry.name)
        .FirstOrDefault(Newest);

    /// <summary>Whether a library built for <paramref name="library"/> can be used by a project for <paramref name="project"/>.</summary>
    public static bool IsCompatible(string project, string library) =>
        Find(project) is { } user && Find(library) is { } used
        && (user.Family == used.Family && user.Version >= used.Version
            || used.Family == FrameworkFamily.Standard && user.SupportedStandard >= used.Version);

    /// <summary>The preprocessor symbols that the SDK defines for a framework, with the <c>_OR_GREATER</c> ones.</summary>
    public static IEnumerable<string> SymbolsOf(string name)
    {
        if (Find(name) is not { } framework)
        {
            yield break;
        }

        var (major, minor) = (framework.Version.Major, framework.Version.Minor);
        switch (framework.Family)
        {
            case FrameworkFamily.Core:
                yield return major >= 5 ? "NET" : "NETCOREAPP";
                yield return "NETCOREAPP";
                yield return string.Create(CultureInfo.InvariantCulture, $"{(major >= 5 ? "NET" : "NETCOREAPP")}{major}_{minor}");
                foreach (var old in CoreVersions.Where(old => major >= 5 || Version.Parse(old.Replace('_', '.')) <= framework.Version))
                {
                    yield return $"NETCOREAPP{old}_OR_GREATER";
                }

                for (var past = 5; past <= major; past++)
                {
                    yield return string.Create(CultureInfo.InvariantCulture, $"NET{past}_0_OR_GREATER");
                }

                break;
            case FrameworkFamily.Standard:
                yield return "NETSTANDARD";
                yield return string.Create(CultureInfo.InvariantCulture, $"NETSTANDARD{major}_{minor}");
                foreach (var old in StandardVersions.Where(old => Version.Parse(old.Replace('_', '.')) <= framework.Version))
                {
                    yield return $"NETSTANDARD{old}_OR_GREATER";
                }

                break;
            default:
                yield return "NETFRAMEWORK";
                yield return "NET" + framework.Digits;
                foreach (var old in FrameworkVersions.Where(old => Find("net" + old)!.Version <= framework.Version))
                {
                    yield return $"NET{old}_OR_GREATER";
                }

                break;
        }
    }

    private string Digits => string.Create(CultureInfo.InvariantCulture, $"{Version.Major}{Version.Minor}{(Version.Build > 0 ? Version.Build : string.Empty)}");

    private Version SupportedStandard => Family switch
    {
        FrameworkFamily.Core => Version.Major >= 3 ? new Version(2, 1) : new Version(2, 0),
        FrameworkFamily.Framework => Version >= new Version(4, 6, 1) ? new Version(2, 0) : new Version(1, 2),
        _ => Version,
    };

    [GeneratedRegex(@"^(?<family>netstandard|netcoreapp|net)(?<version>\d+(\.\d+)?)(-[\w.]+)?$", RegexOptions.IgnoreCase)]
    private static partial Regex Name();
}
