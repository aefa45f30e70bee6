using System.Collections.Immutable;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;

namespace GptOss.CodeAssist.CSharpContext.Workspace;

/// <summary>Finds the assemblies a project is compiled against, on this machine and without running a build.</summary>
internal sealed class ReferenceAssemblies
{
    private readonly string? _dotnetFolder;
    private readonly string _packageFolder;

    /// <param name="dotnetFolder">The folder of the .NET installation, or null to look for it.</param>
    /// <param name="packageFolder">NuGet's global packages folder, or null for the usual one.</param>
    public ReferenceAssemblies(string? dotnetFolder = null, string? packageFolder = null)
    {
        _dotnetFolder = dotnetFolder ?? FindDotnet();
        _packageFolder = packageFolder
            ?? Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
    }

    /// <summary>The framework's own assemblies.</summary>
    /// <param name="framework">The short framework name.</param>
    /// <param name="packs">Reference packs, for instance <c>Microsoft.NETCore.App</c>.</param>
    /// <param name="degradations">Receives what was not found.</param>
    public IEnumerable<string> FrameworkAssemblies(string framework, IEnumerable<string> packs, ICollection<string> degradations)
    {
        var name = FrameworkName.Find(framework) ?? FrameworkName.Find(FrameworkName.Newest)!;
        if (name.Family == FrameworkFamily.Standard && FindStandardLibrary(name) is { } standard)
        {
            return standard;
        }

        if (name.Family == FrameworkFamily.Framework && FindFrameworkReferenceAssemblies(name) is { } desktop)
        {
            return desktop;
        }

        var found = new List<string>();
        foreach (var pack in packs)
        {
            var files = FindPack(pack, name);
            if (files.Count == 0)
            {
                degradations.Add($"The reference pack {pack} is not installed.");
            }

            found.AddRange(files);
        }

        // .NET has all of .NET Standard, but not all of .NET Framework.
        if (name.Family == FrameworkFamily.Framework)
        {
            degradations.Add($"The reference assemblies of {framework} are not on this machine; .NET's own stand in for them.");
        }

        return found;
    }

    /// <summary>What the last restore found, or null where the project was never restored.</summary>
    public static ImmutableArray<string>? FindRestoredPackages(string projectFolder, string framework)
    {
        var path = Path.Combine(projectFolder, "obj", "project.assets.json");
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var stream = File.OpenRead(path);
            using var assets = JsonDocument.Parse(stream);
            var folders = assets.RootElement.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name).ToList();
            var libraries = assets.RootElement.GetProperty("libraries");
            var targets = assets.RootElement.GetProperty("targets").EnumerateObject().ToList();
            var target = targets.FirstOrDefault(entry => entry.Name.Equals(framework, StringComparison.OrdinalIgnoreCase));
            if (target.Value.ValueKind != JsonValueKind.Object)
            {
                target = targets.FirstOrDefault(entry => !entry.Name.Contains('/', StringComparison.Ordinal));
            }

            if (target.Value.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            var files = ImmutableArray.CreateBuilder<string>();
            foreach (var library in target.Value.EnumerateObject())
            {
                if (!library.Value.TryGetProperty("compile", out var compile) || !libraries.TryGetProperty(library.Name, out var entry) || !entry.TryGetProperty("path", out var libraryPath)
                    || entry.GetProperty("type").GetString() != "package")
                {
                    continue;
                }

                foreach (var file in compile.EnumerateObject().Where(file => file.Name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)))
                {
                    var full = folders.Select(folder => Path.Combine(folder, libraryPath.GetString()!, file.Name)).FirstOrDefault(File.Exists);
                    if (full is not null)
                    {
                        files.Add(Path.GetFullPath(full));
                    }
                }
            }

            return files.ToImmutable();
        }
        catch (Exception exception) when (exception is IOException or JsonException or UnauthorizedAccessException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Packages of an unrestored project, taken from the machine's cache with what they depend on; names that are not cached go to <paramref name="missing"/>.</summary>
    public IEnumerable<string> CachedPackages(IEnumerable<(string Id, string Version)> packages, string framework, ICollection<string> missing)
    {
        var files = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var pending = new Queue<(string Id, string Version, bool Direct)>(packages.Select(package => (package.Id, package.Version, true)));
        while (pending.TryDequeue(out var package))
        {
            if (!seen.Add(package.Id))
            {
                continue;
            }

            if (FindCached(package.Id, package.Version) is not { } folder)
            {
                if (package.Direct)
                {
                    missing.Add(package.Id);
                }

                continue;
            }

            var assets = BestFramework(Path.Combine(folder, "ref"), framework) ?? BestFramework(Path.Combine(folder, "lib"), framework);
            if (assets is not null)
            {
                files.UnionWith(Directory.EnumerateFiles(assets, "*.dll"));
            }

            foreach (var dependency in DependenciesOf(folder, package.Id))
            {
                pending.Enqueue((dependency.Id, dependency.Version, false));
            }
        }

        return files;
    }

    private string? FindCached(string id, string version)
    {
#pragma warning disable CA1308 // NuGet's folder names are lower case.
        var folder = Path.Combine(_packageFolder, id.ToLowerInvariant());
#pragma warning restore CA1308
        if (!Directory.Exists(folder))
        {
            return null;
        }

        var exact = Path.Combine(folder, version.Trim('[', ']', '(', ')').Split(',')[0].Trim() is { Length: > 0 } number ? number : "?");
        return Directory.Exists(exact) ? exact : Directory.EnumerateDirectories(folder).MaxBy(ParseVersion);
    }

    private static IEnumerable<(string Id, string Version)> DependenciesOf(string folder, string id)
    {
        var path = Directory.EnumerateFiles(folder, "*.nuspec").FirstOrDefault();
        if (path is null)
        {
            return [];
        }

        try
        {
            return [.. XDocument.Load(path).Descendants()
                .Where(element => element.Name.LocalName == "dependency" && element.Attribute("id") is not null && element.Attribute("id")!.Value != id)
                .Select(element => (element.Attribute("id")!.Value, element.Attribute("version")?.Value ?? string.Empty))
                .Distinct()];
        }
        catch (Exception exception) when (exception is XmlException or IOException)
        {
            return [];
        }
    }

    private static string? BestFramework(string folder, string framework) => !Directory.Exists(folder)
        ? null
        : Directory.EnumerateDirectories(folder)
            .Where(candidate => FrameworkName.IsCompatible(framework, Path.GetFileName(candidate)))
            .OrderByDescending(candidate => FrameworkName.Find(Path.GetFileName(candidate))!.Family)
            .ThenByDescending(candidate => FrameworkName.Find(Path.GetFileName(candidate))!.Version)
            .FirstOrDefault();

    private List<string> FindPack(string pack, FrameworkName name)
    {
        // Packs of other versions than the SDK's own are restored like packages.
#pragma warning disable CA1308 // NuGet's folder names are lower case.
        string[] packFolders = [Path.Combine(_dotnetFolder ?? string.Empty, "packs", pack + ".Ref"), Path.Combine(_packageFolder, pack.ToLowerInvariant() + ".ref")];
#pragma warning restore CA1308
        var folders = VersionsOf(packFolders, name).Select(version => Path.Combine(version, "ref")).Where(Directory.Exists).SelectMany(Directory.EnumerateDirectories).ToList();
        if (_dotnetFolder is not null)
        {
            // A machine with the runtime alone still has the implementation, which binds as well.
            folders.AddRange(VersionsOf([Path.Combine(_dotnetFolder, "shared", pack)], name));
        }

        var folder = folders.FirstOrDefault();
        if (folder is null && pack == "Microsoft.NETCore.App")
        {
            // This very process runs on one.
            folder = Path.GetDirectoryName(typeof(object).Assembly.Location) is { Length: > 0 } running ? running : null;
        }

        return folder is null ? [] : [.. Directory.EnumerateFiles(folder, "*.dll").Where(IsManaged)];
    }

    private static bool IsManaged(string path)
    {
        var name = Path.GetFileName(path);
        return name.StartsWith("System", StringComparison.Ordinal) && !name.Contains(".Native", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.", StringComparison.Ordinal) && !name.Contains("DiaSymReader", StringComparison.Ordinal)
            || name.StartsWith("Presentation", StringComparison.Ordinal)
            || name is "mscorlib.dll" or "netstandard.dll" or "WindowsBase.dll" or "UIAutomationClient.dll" or "UIAutomationProvider.dll" or "UIAutomationTypes.dll" or "ReachFramework.dll";
    }

    /// <summary>Installed versions, the wanted major version first, then the newest.</summary>
    private static IEnumerable<string> VersionsOf(IEnumerable<string> folders, FrameworkName name) => folders
        .Where(Directory.Exists)
        .SelectMany(Directory.EnumerateDirectories)
        .OrderByDescending(candidate => ParseVersion(candidate).Major == name.Version.Major)
        .ThenByDescending(ParseVersion);

    private static Version ParseVersion(string folder) => Version.TryParse(Path.GetFileName(folder).Split('-')[0], out var version) ? version : new Version(0, 0);

    private List<string>? FindStandardLibrary(FrameworkName name)
    {
        if (name.Version > new Version(2, 0))
        {
            return FindPack("NETStandard.Library", name) is { Count: > 0 } pack ? pack : null;
        }

        var versions = Path.Combine(_packageFolder, "netstandard.library");
        var folder = Directory.Exists(versions) ? Directory.EnumerateDirectories(versions).OrderByDescending(ParseVersion).Select(version => Path.Combine(version, "build", "netstandard2.0", "ref")).FirstOrDefault(Directory.Exists) : null;
        return folder is null ? null : [.. Directory.EnumerateFiles(folder, "*.dll")];
    }

    /// <summary>The reference assemblies of the version itself or else the next newer one: from NuGet's package, a Windows targeting pack, or Mono.</summary>
    private List<string>? FindFrameworkReferenceAssemblies(FrameworkName name)
    {
        var folder = FrameworkFolders()
            .Select(candidate => (candidate.Path, Version: Normalize(candidate.Version)))
            .Where(candidate => candidate.Version >= Normalize(name.Version) && File.Exists(Path.Combine(candidate.Path, "mscorlib.dll")))
            .OrderBy(candidate => candidate.Version)
            .Select(candidate => candidate.Path)
            .FirstOrDefault();
        if (folder is null)
        {
            return null;
        }

        var facades = Path.Combine(folder, "Facades");
        return [.. Directory.EnumerateFiles(folder, "*.dll"), .. Directory.Exists(facades) ? Directory.EnumerateFiles(facades, "*.dll") : []];

        static Version Normalize(Version version) => new(version.Major, Math.Max(0, version.Minor), Math.Max(0, version.Build));
    }

    private IEnumerable<(string Path, Version Version)> FrameworkFolders()
    {
        var packages = Directory.Exists(_packageFolder)
            ? Directory.EnumerateDirectories(_packageFolder, "microsoft.netframework.referenceassemblies.net*").SelectMany(Directory.EnumerateDirectories).SelectMany(version => FoldersBelow(Path.Combine(version, "build", ".NETFramework")))
            : [];
        var packs = FoldersBelow(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFilesX86), "Reference Assemblies", "Microsoft", "Framework", ".NETFramework"));
        string[] monos = ["/usr/lib/mono", "/Library/Frameworks/Mono.framework/Versions/Current/lib/mono"];
        return packages.Concat(packs).Select(path => (path, VersionOf(path)))
            .Concat(monos.SelectMany(FoldersBelow).Where(path => path.EndsWith("-api", StringComparison.Ordinal)).Select(path => (path, VersionOf(path[..^"-api".Length]))));

        static IEnumerable<string> FoldersBelow(string folder) => folder.Length > 0 && Directory.Exists(folder) ? Directory.EnumerateDirectories(folder) : [];

        static Version VersionOf(string path) => Version.TryParse(Path.GetFileName(path).TrimStart('v'), out var version) ? version : new Version(0, 0);
    }

    /// <summary>The .NET installation that this process or the command line uses; null where there is none.</summary>
    public static string? FindDotnet()
    {
        var fromEnvironment = Environment.GetEnvironmentVariable("DOTNET_ROOT");
        if (fromEnvironment is { Length: > 0 } && Directory.Exists(Path.Combine(fromEnvironment, "shared")))
        {
            return fromEnvironment;
        }

        // shared/Microsoft.NETCore.App/<version>/System.Private.CoreLib.dll, where this process is not self-contained.
        if (Path.GetDirectoryName(typeof(object).Assembly.Location) is { Length: > 0 } runtime && Path.GetFullPath(Path.Combine(runtime, "..", "..", "..")) is var root && Directory.Exists(Path.Combine(root, "shared")))
        {
            return root;
        }

        var executable = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            var path = new FileInfo(Path.Combine(folder, executable));
            if (path.Exists)
            {
                return Path.GetDirectoryName(path.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path.FullName);
            }
        }

        return null;
    }
}
