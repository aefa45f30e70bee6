using System.Collections.Immutable;
using System.Text;
using GptOss.CodeAssist.CSharpContext;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Cli.Evaluation;

/// <summary>All C# files of a folder, compiled together against the framework that this program runs on.</summary>
/// <remarks>Packages and project settings are not resolved, so that names from packages do not bind; figures compare with the file as it was.</remarks>
internal sealed class CodeBase
{
    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Preview);
    private static readonly string[] BuildFolders = ["bin", "obj", "node_modules"];

    private readonly CSharpCompilation _compilation;

    private CodeBase(ImmutableArray<SyntaxTree> trees)
    {
        Trees = trees;
        var platform = (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var references = platform.Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal) || Path.GetFileName(path) is "netstandard.dll" or "mscorlib.dll")
            .Select(path => MetadataReference.CreateFromFile(path));
        _compilation = CSharpCompilation.Create("evaluated", trees, references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        Project = new CompiledProject(_compilation, referencesComplete: false, generatorsRan: false);
    }

    /// <summary>One for each file, in the order of their paths.</summary>
    public ImmutableArray<SyntaxTree> Trees { get; }

    public CompiledProject Project { get; }

    public static CodeBase Read(string folder)
    {
        var files = Directory.EnumerateFiles(folder, "*.cs", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })
            .Where(path => !Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar).Any(BuildFolders.Contains))
            .Order(StringComparer.Ordinal);
        return new CodeBase([.. files.AsParallel().AsOrdered().Select(Parse)]);
    }

    /// <summary>Errors that a changed file has and its original had not.</summary>
    /// <param name="inserted">What was inserted. Names are looked at in it alone: a declaration that got another name than its users know is no fault of the completion.</param>
    public NewErrors FindNewErrors(HeldOut hole, SourceText changed, TextSpan inserted, CancellationToken cancellationToken)
    {
        var original = Trees.First(tree => tree.FilePath == hole.Path);
        var tree = original.WithChangedText(changed);
        var syntax = CountErrors(tree.GetDiagnostics(cancellationToken)) - CountErrors(original.GetDiagnostics(cancellationToken));
        if (syntax > 0)
        {
            return new NewErrors(Parses: false, Binds: false);
        }

        var before = _compilation.GetSemanticModel(original).GetDiagnostics(hole.Span, cancellationToken);
        var after = _compilation.ReplaceSyntaxTree(original, tree).GetSemanticModel(tree).GetDiagnostics(inserted, cancellationToken);
        return new NewErrors(Parses: true, Binds: CountErrors(after) <= CountErrors(before));
    }

    private static int CountErrors(IEnumerable<Diagnostic> diagnostics) => diagnostics.Count(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    private static SyntaxTree Parse(string path)
    {
        using var stream = File.OpenRead(path);
        return CSharpSyntaxTree.ParseText(SourceText.From(stream, Encoding.UTF8), ParseOptions, path);
    }
}
