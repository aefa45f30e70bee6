using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.Extensions.FileSystemGlobbing;

namespace GptOss.CodeAssist.CSharpContext.Workspace;

/// <summary>Describes projects from their files alone, in milliseconds and without running any of their code.</summary>
internal sealed class ProjectFileReader(ReferenceAssemblies references)
{
    private static readonly string[] SdkUsings = ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks"];

    private static readonly string[] WebUsings =
    [
        "System.Net.Http.Json", "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Routing",
        "Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging",
    ];

    /// <summary>Describes a project file.</summary>
    /// <param name="path">Full path of the <c>.csproj</c>.</param>
    /// <param name="workspaceFiles">Every visible C# file of the workspace, full paths.</param>
    /// <param name="otherProjectFolders">Folders of other projects, whose files are not this one's.</param>
    /// <param name="filter">What may be read; a project may list a file that an ignore file hides.</param>
    /// <exception cref="InvalidDataException">The project file cannot be read.</exception>
    public ProjectDescription Read(string path, IReadOnlyCollection<string> workspaceFiles, IReadOnlyCollection<string> otherProjectFolders, WorkspaceFileFilter filter)
    {
        var folder = Path.GetDirectoryName(path)!;
        var degradations = new List<string>();
        var project = ProjectEvaluation.Read(path, new Dictionary<string, string>());
        var framework = FrameworkOf(project);
        if (FrameworkName.Find(framework) is null)
        {
            degradations.Add($"{Path.GetFileName(path)}: the target framework '{framework}' is not understood; {FrameworkName.Newest} stands in for it.");
            framework = FrameworkName.Newest;
        }

        project = ProjectEvaluation.Read(path, new Dictionary<string, string> { ["TargetFramework"] = framework });
        var projects = ProjectReferencesOf(project);
        var complete = projects.All(File.Exists);
        foreach (var missing in projects.Where(reference => !File.Exists(reference)))
        {
            degradations.Add($"{Path.GetFileName(path)}: the referenced project {missing} does not exist.");
        }

        var known = degradations.Count;
        var assemblies = references.FrameworkAssemblies(framework, PacksOf(project), degradations).ToList();
        complete &= degradations.Count == known;
        var missingAssemblies = new List<string>();
        assemblies.AddRange(AssemblyReferencesOf(project, assemblies, missingAssemblies));
        if (missingAssemblies.Count > 0)
        {
            complete = false;
            degradations.Add($"{Path.GetFileName(path)}: referenced assemblies were not found: {string.Join(", ", missingAssemblies)}. If they come from packages, restore them.");
        }

        if (ReferenceAssemblies.FindRestoredPackages(folder, framework) is { } restored)
        {
            assemblies.AddRange(restored);
        }
        else if (PackagesOf(project) is { Count: > 0 } packages)
        {
            var missing = new List<string>();
            assemblies.AddRange(references.CachedPackages(packages, framework, missing));
            complete &= missing.Count == 0;
            degradations.Add(missing.Count == 0
                ? $"{Path.GetFileName(path)} is not restored; its packages were taken from the cache."
                : $"{Path.GetFileName(path)} is not restored; missing: {string.Join(", ", missing)}. Run 'dotnet restore'.");
        }

        ImmutableArray<string> files = [.. SourceFilesOf(project, folder, workspaceFiles, otherProjectFolders).Where(filter.MayRead)];
        var configs = ConfiguredSeverities.FindFiles(folder, files);
        return new ProjectDescription
        {
            Path = path,
            AssemblyName = project.Property("AssemblyName") is { Length: > 0 } name ? name : Path.GetFileNameWithoutExtension(path),
            TargetFramework = framework,
            SourceFiles = files,
            GeneratedSources = [new GeneratedSource(Path.Combine(folder, "obj", "GptOss.GlobalUsings.g.cs"), ImplicitSource(project))],
            ParseOptions = ParseOptionsOf(project, framework),
            CompilationOptions = CompilationOptionsOf(project).WithSyntaxTreeOptionsProvider(ConfiguredSeverities.Read(configs)),
            AnalyzerConfigFiles = configs,
            ProjectReferences = projects,
            AssemblyReferences = [.. assemblies.DistinctBy(Path.GetFileName, StringComparer.OrdinalIgnoreCase)],
            ReferencesComplete = complete,
            GeneratorsRan = false,
            Degradations = [.. degradations],
        };
    }

    /// <summary>Files that no project claims, compiled together as the newest C#.</summary>
    public ProjectDescription Loose(string folder, ImmutableArray<string> files, string degradation)
    {
        var degradations = new List<string> { degradation };
        var configs = ConfiguredSeverities.FindFiles(folder, files);
        return new ProjectDescription
        {
            Path = folder,
            AssemblyName = Path.GetFileName(folder) is { Length: > 0 } name ? name : "Loose",
            TargetFramework = FrameworkName.Newest,
            SourceFiles = files,
            GeneratedSources = [new GeneratedSource(Path.Combine(folder, "obj", "GptOss.GlobalUsings.g.cs"), GlobalUsings(SdkUsings))],
            ParseOptions = new CSharpParseOptions(LanguageVersion.Preview, preprocessorSymbols: ["DEBUG", "TRACE", .. FrameworkName.SymbolsOf(FrameworkName.Newest)]),
            CompilationOptions = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: true, concurrentBuild: true)
                .WithSyntaxTreeOptionsProvider(ConfiguredSeverities.Read(configs)),
            AnalyzerConfigFiles = configs,
            AssemblyReferences = [.. references.FrameworkAssemblies(FrameworkName.Newest, ["Microsoft.NETCore.App", "Microsoft.AspNetCore.App"], degradations)],
            ReferencesComplete = false,
            Degradations = [.. degradations],
        };
    }

    private static ImmutableArray<string> ProjectReferencesOf(ProjectEvaluation project) =>
    [
        .. project.Items
            .Where(item => item is { Type: "ProjectReference", Operation: "Include" } && !IsFalse(item, "ReferenceOutputAssembly") && !item.Metadata.GetValueOrDefault("OutputItemType", string.Empty).Equals("Analyzer", StringComparison.OrdinalIgnoreCase))
            .Select(item => FullPath(item)).Distinct(CompiledProject.PathComparer),
    ];

    private static bool IsFalse(ProjectItem item, string name) => item.Metadata.GetValueOrDefault(name, string.Empty).Equals("false", StringComparison.OrdinalIgnoreCase);

    private static string FullPath(ProjectItem item) => Path.GetFullPath(Path.Combine(item.Folder, item.Value.Replace('\\', Path.DirectorySeparatorChar)));

    /// <summary>The short name of the framework; that of a classic project is made of its number.</summary>
    private static string FrameworkOf(ProjectEvaluation project)
    {
        if (project.Property("TargetFramework") is { Length: > 0 } framework)
        {
            return framework;
        }

        if (project.Property("TargetFrameworks").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } several)
        {
            return FrameworkName.Choose(several);
        }

        if (project.Sdk.Length > 0)
        {
            return string.Empty;
        }

        var number = project.Property("TargetFrameworkVersion") is { Length: > 0 } version ? version : "v4.0";
        return project.Property("TargetFrameworkIdentifier") is "" or ".NETFramework" ? "net" + number.TrimStart('v', 'V').Replace(".", string.Empty, StringComparison.Ordinal) : string.Empty;
    }

    /// <summary>The assemblies that a project names one by one, beyond those that its framework brings.</summary>
    private static IEnumerable<string> AssemblyReferencesOf(ProjectEvaluation project, List<string> frameworkAssemblies, List<string> missing)
    {
        var known = frameworkAssemblies.Select(Path.GetFileNameWithoutExtension).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var item in project.Items.Where(item => item is { Type: "Reference", Operation: "Include" }))
        {
            var name = item.Value.Split(',')[0].Trim();
            var hint = item.Metadata.GetValueOrDefault("HintPath", item.Value).Replace('\\', Path.DirectorySeparatorChar);
            var file = Path.GetFullPath(Path.Combine(item.Folder, hint));
            if (hint.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) && File.Exists(file))
            {
                yield return file;
            }
            else if (!known.Contains(name))
            {
                missing.Add(Path.GetFileName(name.Replace('\\', '/')));
            }
        }
    }

    private static IEnumerable<string> PacksOf(ProjectEvaluation project)
    {
        yield return "Microsoft.NETCore.App";
        if (IsWeb(project) || project.Items.Any(item => item is { Type: "FrameworkReference", Value: "Microsoft.AspNetCore.App" }))
        {
            yield return "Microsoft.AspNetCore.App";
        }

        var isDesktop = project.Items.Any(item => item is { Type: "Reference", Operation: "Include", Value: "System.Windows.Forms" or "PresentationFramework" });
        if (project.IsTrue("UseWPF") || project.IsTrue("UseWindowsForms") || isDesktop)
        {
            yield return "Microsoft.WindowsDesktop.App";
        }
    }

    private static bool IsWeb(ProjectEvaluation project) => project.Sdk.StartsWith("Microsoft.NET.Sdk.Web", StringComparison.OrdinalIgnoreCase);

    private static List<(string Id, string Version)> PackagesOf(ProjectEvaluation project)
    {
        var central = project.Items.Where(item => item is { Type: "PackageVersion", Operation: "Include" }).GroupBy(item => item.Value, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => group.Last().Metadata.GetValueOrDefault("Version", string.Empty), StringComparer.OrdinalIgnoreCase);
        return
        [
            .. project.Items
                .Where(item => item is { Type: "PackageReference" or "GlobalPackageReference", Operation: "Include" } && !item.Metadata.GetValueOrDefault("PrivateAssets", string.Empty).Equals("all", StringComparison.OrdinalIgnoreCase))
                .Select(item => (item.Value, item.Metadata.GetValueOrDefault("VersionOverride", item.Metadata.GetValueOrDefault("Version", central.GetValueOrDefault(item.Value, string.Empty)))))
                .DistinctBy(package => package.Value, StringComparer.OrdinalIgnoreCase),
        ];
    }

    private static ImmutableArray<string> SourceFilesOf(ProjectEvaluation project, string folder, IReadOnlyCollection<string> workspaceFiles, IReadOnlyCollection<string> otherProjectFolders)
    {
        var files = new SortedSet<string>(CompiledProject.PathComparer);
        var isSdkStyle = project.Sdk.Length > 0;
        if (isSdkStyle && project.IsTrue("EnableDefaultCompileItems", otherwise: true) && project.IsTrue("EnableDefaultItems", otherwise: true))
        {
            var foreign = otherProjectFolders.Where(other => IsBelow(other, folder) && other.Length > folder.Length).ToList();
            files.UnionWith(workspaceFiles.Where(file => IsBelow(file, folder) && !foreign.Any(other => IsBelow(file, other))));
        }

        foreach (var item in project.Items.Where(item => item.Type == "Compile"))
        {
            var pattern = item.Value.Replace('\\', '/');
            if (item.Operation == "Include")
            {
                files.UnionWith(Expand(item.Folder, folder, pattern, workspaceFiles));
            }
            else if (item.Operation == "Remove")
            {
                files.ExceptWith(Expand(item.Folder, folder, pattern, files));
            }
        }

        return [.. files];
    }

    /// <summary>A pattern of a project file is relative to the project, even where an imported file says it.</summary>
    private static IEnumerable<string> Expand(string itemFolder, string projectFolder, string pattern, IReadOnlyCollection<string> files)
    {
        if (!pattern.Contains('*', StringComparison.Ordinal) && !pattern.Contains('?', StringComparison.Ordinal))
        {
            var path = Path.GetFullPath(Path.Combine(projectFolder, pattern));
            path = File.Exists(path) ? path : Path.GetFullPath(Path.Combine(itemFolder, pattern));
            return File.Exists(path) && path.EndsWith(".cs", StringComparison.OrdinalIgnoreCase) ? [path] : [];
        }

        var wildcard = pattern.AsSpan().IndexOfAny('*', '?');
        var slash = pattern.LastIndexOf('/', wildcard);
        var root = Path.GetFullPath(Path.Combine(projectFolder, slash < 0 ? string.Empty : pattern[..slash]));
        var matcher = new Matcher(OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase).AddInclude(pattern[(slash + 1)..]);
        var below = files.Where(file => IsBelow(file, root)).ToList();
        return matcher.Match(root, below).Files.Select(match => Path.GetFullPath(Path.Combine(root, match.Path)));
    }

    private static bool IsBelow(string path, string folder) =>
        path.Length > folder.Length && path.StartsWith(folder, StringComparison.Ordinal) && path[folder.Length] == Path.DirectorySeparatorChar || path == folder;

    private static string ImplicitSource(ProjectEvaluation project)
    {
        var namespaces = new List<string>();
        if (project.IsTrue("ImplicitUsings"))
        {
            namespaces.AddRange(IsWeb(project) ? SdkUsings.Concat(WebUsings) : SdkUsings);
        }

        var source = new StringBuilder();
        foreach (var item in project.Items.Where(item => item.Type == "Using"))
        {
            if (item.Operation == "Remove")
            {
                namespaces.Remove(item.Value);
            }
            else if (item.Metadata.TryGetValue("Alias", out var alias))
            {
                source.Append("global using ").Append(alias).Append(" = global::").Append(item.Value).Append(";\n");
            }
            else if (item.Metadata.GetValueOrDefault("Static", string.Empty).Equals("true", StringComparison.OrdinalIgnoreCase))
            {
                source.Append("global using static global::").Append(item.Value).Append(";\n");
            }
            else
            {
                namespaces.Add(item.Value);
            }
        }

        source.Append(GlobalUsings(namespaces.Distinct()));
        foreach (var item in project.Items.Where(item => item is { Type: "InternalsVisibleTo", Operation: "Include" }))
        {
            // Without the key: nothing is signed here, and a friend that must prove one would be refused.
            var friend = item.Value.Split(',')[0];
            source.Append("[assembly: global::System.Runtime.CompilerServices.InternalsVisibleTo(").Append(SymbolDisplay.FormatLiteral(friend, quote: true)).Append(")]\n");
        }

        return source.ToString();
    }

    private static string GlobalUsings(IEnumerable<string> namespaces) => string.Concat(namespaces.Select(name => $"global using global::{name};\n"));

    private static CSharpParseOptions ParseOptionsOf(ProjectEvaluation project, string framework)
    {
        // An unset version follows the SDK's newest, as an SDK of this machine would; older rules would only refuse what the user may write.
        var version = LanguageVersionFacts.TryParse(project.Property("LangVersion"), out var parsed) && parsed != LanguageVersion.Default ? parsed : LanguageVersion.Latest;
        var constants = project.Property("DefineConstants").Split([';', ','], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new CSharpParseOptions(version, DocumentationMode.Parse, preprocessorSymbols: ["DEBUG", "TRACE", .. FrameworkName.SymbolsOf(framework), .. constants.Where(SyntaxFacts.IsValidIdentifier)]);
    }

    private static CSharpCompilationOptions CompilationOptionsOf(ProjectEvaluation project)
    {
        var nullable = project.Property("Nullable") switch
        {
            var value when value.Equals("enable", StringComparison.OrdinalIgnoreCase) => NullableContextOptions.Enable,
            var value when value.Equals("annotations", StringComparison.OrdinalIgnoreCase) => NullableContextOptions.Annotations,
            var value when value.Equals("warnings", StringComparison.OrdinalIgnoreCase) => NullableContextOptions.Warnings,
            _ => NullableContextOptions.Disable,
        };
        var isProgram = project.Property("OutputType") is { Length: > 0 } output && !output.Equals("Library", StringComparison.OrdinalIgnoreCase);
        return new CSharpCompilationOptions(
            isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
            allowUnsafe: true,
            nullableContextOptions: nullable,
            specificDiagnosticOptions: NoWarnOf(project).Select(id => KeyValuePair.Create(id, ReportDiagnostic.Suppress)),
            concurrentBuild: true);
    }

    /// <summary>The warnings that the project does not want; a bare number is the compiler's.</summary>
    private static IEnumerable<string> NoWarnOf(ProjectEvaluation project) => project.Property("NoWarn")
        .Split([';', ','], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Select(id => int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? string.Create(CultureInfo.InvariantCulture, $"CS{number:0000}") : id)
        .Distinct();
}
