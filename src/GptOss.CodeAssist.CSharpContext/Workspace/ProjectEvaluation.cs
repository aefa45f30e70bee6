using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace GptOss.CodeAssist.CSharpContext.Workspace;

/// <summary>Properties and items of a project file, read as text: enough of MSBuild's language for what most projects say, and none of its code run.</summary>
/// <remarks>A condition or a property function that is not understood counts as false or empty; the real MSBuild corrects it where the folder is trusted.</remarks>
internal sealed partial class ProjectEvaluation
{
    /// <summary>Imports may import each other.</summary>
    private const int MaximumImportDepth = 16;

    private readonly Dictionary<string, string> _properties = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _seen = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _projectPath;

    private ProjectEvaluation(string projectPath) => _projectPath = projectPath;

    public List<ProjectItem> Items { get; } = [];

    public string Sdk { get; private set; } = string.Empty;

    /// <summary>Reads the project, with what Directory.Build.props, Directory.Build.targets and Directory.Packages.props add.</summary>
    /// <param name="projectPath">Full path of the project file.</param>
    /// <param name="globalProperties">Properties that win over the file's, as <c>-p:</c> does.</param>
    public static ProjectEvaluation Read(string projectPath, IReadOnlyDictionary<string, string> globalProperties)
    {
        var evaluation = new ProjectEvaluation(projectPath);
        evaluation._properties["MSBuildProjectName"] = Path.GetFileNameWithoutExtension(projectPath);
        evaluation._properties["MSBuildProjectDirectory"] = Path.GetDirectoryName(projectPath)!;
        evaluation._properties["MSBuildProjectExtension"] = Path.GetExtension(projectPath);
        evaluation._properties["Configuration"] = "Debug";
        evaluation._properties["Platform"] = "AnyCPU";
        evaluation._properties["OS"] = OperatingSystem.IsWindows() ? "Windows_NT" : "Unix";
        foreach (var (name, value) in globalProperties)
        {
            evaluation._properties[name] = value;
        }

        var folder = Path.GetDirectoryName(projectPath)!;
        foreach (var file in new[] { FindAbove(folder, "Directory.Build.props"), FindAbove(folder, "Directory.Packages.props"), projectPath, FindAbove(folder, "Directory.Build.targets") })
        {
            if (file is not null)
            {
                evaluation.ReadFile(file, globalProperties, 0);
            }
        }

        return evaluation;
    }

    public string Property(string name) => _properties.GetValueOrDefault(name, string.Empty);

    public bool IsTrue(string name, bool otherwise = false) => Property(name) switch
    {
        "" => otherwise,
        var value => value.Equals("true", StringComparison.OrdinalIgnoreCase) || value.Equals("enable", StringComparison.OrdinalIgnoreCase),
    };

    public static string? FindAbove(string folder, string fileName)
    {
        for (var current = folder; current is not null; current = Path.GetDirectoryName(current))
        {
            var path = Path.Combine(current, fileName);
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }

    private void ReadFile(string path, IReadOnlyDictionary<string, string> fixedProperties, int depth)
    {
        if (depth > MaximumImportDepth || !_seen.Add(path))
        {
            return;
        }

        XElement root;
        try
        {
            root = XDocument.Load(path).Root ?? new XElement("Project");
        }
        catch (Exception exception) when (exception is XmlException or IOException or UnauthorizedAccessException)
        {
            if (path == _projectPath)
            {
                throw new InvalidDataException($"{path} cannot be read: {exception.Message}", exception);
            }

            return;
        }

        if (path == _projectPath)
        {
            Sdk = root.Attribute("Sdk")?.Value ?? root.Elements().FirstOrDefault(element => element.Name.LocalName == "Sdk")?.Attribute("Name")?.Value ?? string.Empty;
        }

        ReadChildren(root, path, fixedProperties, depth);
    }

    private void ReadChildren(XElement parent, string path, IReadOnlyDictionary<string, string> fixedProperties, int depth)
    {
        foreach (var element in parent.Elements())
        {
            // Each file sees its own folder; an import may have changed the property.
            _properties["MSBuildThisFileDirectory"] = Path.GetDirectoryName(path) + Path.DirectorySeparatorChar;
            _properties["MSBuildThisFile"] = Path.GetFileName(path);
            if (!Holds(element))
            {
                continue;
            }

            switch (element.Name.LocalName)
            {
                case "PropertyGroup":
                    foreach (var property in element.Elements().Where(Holds).Where(property => !fixedProperties.ContainsKey(property.Name.LocalName)))
                    {
                        _properties[property.Name.LocalName] = Expand(property.Value).Trim();
                    }

                    break;
                case "ItemGroup":
                    foreach (var item in element.Elements().Where(Holds))
                    {
                        AddItem(item, path);
                    }

                    break;
                case "Import" when element.Attribute("Project")?.Value is { } project && Expand(project) is { Length: > 0 } expanded && !expanded.Contains('*', StringComparison.Ordinal):
                    var imported = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, expanded.Replace('\\', Path.DirectorySeparatorChar)));
                    if (File.Exists(imported))
                    {
                        ReadFile(imported, fixedProperties, depth + 1);
                    }

                    break;
                case "ImportGroup":
                    ReadChildren(element, path, fixedProperties, depth);
                    break;
                case "Choose":
                    var branch = element.Elements().FirstOrDefault(child => child.Name.LocalName == "When" && Holds(child)) ?? element.Elements().FirstOrDefault(child => child.Name.LocalName == "Otherwise");
                    if (branch is not null)
                    {
                        ReadChildren(branch, path, fixedProperties, depth);
                    }

                    break;
            }
        }
    }

    private void AddItem(XElement item, string path)
    {
        var metadata = item.Attributes().Select(attribute => (attribute.Name.LocalName, attribute.Value))
            .Concat(item.Elements().Select(element => (element.Name.LocalName, element.Value)))
            .GroupBy(pair => pair.LocalName, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => Expand(group.Last().Value), StringComparer.OrdinalIgnoreCase);
        foreach (var operation in new[] { "Include", "Remove", "Update" })
        {
            foreach (var value in metadata.GetValueOrDefault(operation, string.Empty).Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                Items.Add(new ProjectItem(item.Name.LocalName, operation, value, Path.GetDirectoryName(path)!, metadata));
            }
        }
    }

    private string Expand(string value)
    {
        var expanded = PathOfFileAbove().Replace(value, match => FindAbove(Path.GetFullPath(Expand(match.Groups["folder"].Value) is { Length: > 0 } folder ? Path.Combine(Property("MSBuildThisFileDirectory"), folder) : Path.Combine(Property("MSBuildThisFileDirectory"), "..")), match.Groups["name"].Value) ?? string.Empty);
        expanded = PropertyReference().Replace(expanded, match => Property(match.Groups["name"].Value));
        return expanded.Contains("$(", StringComparison.Ordinal) ? string.Empty : expanded;
    }

    private bool Holds(XElement element) => element.Attribute("Condition")?.Value is not { } condition || Evaluate(condition);

    /// <summary>Equalities, <c>Exists</c>, framework compatibility, and their combinations by <c>and</c>, <c>or</c> and <c>!</c>, without nested brackets.</summary>
    private bool Evaluate(string condition)
    {
        var text = condition.Trim();
        if (OrOperator().Split(text) is { Length: > 1 } alternatives)
        {
            return alternatives.Any(Evaluate);
        }

        if (AndOperator().Split(text) is { Length: > 1 } parts)
        {
            return parts.All(Evaluate);
        }

        while (text.StartsWith('(') && text.EndsWith(')'))
        {
            text = text[1..^1].Trim();
        }

        if (text.StartsWith('!') && !text.StartsWith("!=", StringComparison.Ordinal))
        {
            return !Evaluate(text[1..]);
        }

        if (Equality().Match(text) is { Success: true } equality)
        {
            var areEqual = Unquote(equality.Groups["left"].Value).Equals(Unquote(equality.Groups["right"].Value), StringComparison.OrdinalIgnoreCase);
            return areEqual == (equality.Groups["operator"].Value == "==");
        }

        if (ExistsCall().Match(text) is { Success: true } exists)
        {
            var path = Path.Combine(Property("MSBuildThisFileDirectory"), Unquote(exists.Groups["path"].Value).Replace('\\', Path.DirectorySeparatorChar));
            return File.Exists(path) || Directory.Exists(path);
        }

        if (CompatibleCall().Match(text) is { Success: true } compatible)
        {
            return FrameworkName.IsCompatible(Property("TargetFramework"), Unquote(compatible.Groups["framework"].Value));
        }

        return Unquote(text).Equals("true", StringComparison.OrdinalIgnoreCase);

        string Unquote(string value) => Expand(value.Trim().Trim('\'')).Trim();
    }

    [GeneratedRegex(@"\$\(\s*(?<name>[A-Za-z_][\w.-]*)\s*\)")]
    private static partial Regex PropertyReference();

    [GeneratedRegex(@"\$\(\[MSBuild\]::GetPathOfFileAbove\(\s*'?(?<name>[^',)]+)'?\s*(,\s*'?(?<folder>(\$\([^)]*\)|[^')])*)'?\s*)?\)\)")]
    private static partial Regex PathOfFileAbove();

    [GeneratedRegex(@"\s+or\s+", RegexOptions.IgnoreCase)]
    private static partial Regex OrOperator();

    [GeneratedRegex(@"\s+and\s+", RegexOptions.IgnoreCase)]
    private static partial Regex AndOperator();

    [GeneratedRegex(@"^(?<left>'[^']*'|[^'=!]+?)\s*(?<operator>==|!=)\s*(?<right>'[^']*'|[^'=!]+)$")]
    private static partial Regex Equality();

    [GeneratedRegex(@"^Exists\s*\(\s*(?<path>'[^']*'|[^')]*)\s*\)$", RegexOptions.IgnoreCase)]
    private static partial Regex ExistsCall();

    [GeneratedRegex(@"IsTargetFrameworkCompatible\(\s*'?\$\(TargetFramework\)'?\s*,\s*(?<framework>'[^']*')\s*\)")]
    private static partial Regex CompatibleCall();
}
