using Microsoft.CodeAnalysis;

namespace GptOss.CodeAssist.Assistant.CodeActions;

/// <summary>Finds the project that a project's unit tests belong into.</summary>
internal static class TestProjects
{
    private static readonly (string Assembly, string Framework)[] Frameworks =
    [
        ("xunit.v3.core", "xUnit"),
        ("xunit.core", "xUnit"),
        ("nunit.framework", "NUnit"),
        ("Microsoft.VisualStudio.TestPlatform.TestFramework", "MSTest"),
        ("MSTest.TestFramework", "MSTest"),
    ];

    public static bool IsTestProject(Project project) => FindFramework(project) is not null;

    /// <summary>The same, of what is compiled.</summary>
    public static bool IsTestProject(Compilation compilation) => FindFramework(compilation.References) is not null;

    /// <summary>xUnit, NUnit or MSTest; null for a project that tests nothing.</summary>
    public static string? FindFramework(Project project) => FindFramework(project.MetadataReferences);

    /// <summary>The test project that references a project; the one named after it first.</summary>
    public static Project? FindFor(Project project) => project.Solution.Projects
        .Where(other => IsTestProject(other) && other.AllProjectReferences.Any(reference => reference.ProjectId == project.Id))
        .OrderByDescending(other => other.Name.StartsWith(project.Name, StringComparison.Ordinal))
        .FirstOrDefault();

    private static string? FindFramework(IEnumerable<MetadataReference> references)
    {
        var names = references.Select(reference => Path.GetFileNameWithoutExtension(reference.Display ?? "")).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return Frameworks.FirstOrDefault(known => names.Contains(known.Assembly)).Framework;
    }
}
