using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Tests;

/// <summary>C# with a <c>$0</c> caret, compiled against the running framework, as a document with a ready project.</summary>
internal sealed record SourceUnderTest(CSharpDocument Document, int Caret)
{
    private const string Path = "/work/Current.cs";

    private static readonly CSharpParseOptions Options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);

    private static readonly MetadataReference[] Framework =
        [.. Directory.EnumerateFiles(System.IO.Path.GetDirectoryName(typeof(object).Assembly.Location)!, "System*.dll")
            .Where(file => !file.Contains("Native", StringComparison.Ordinal))
            .Select(file => MetadataReference.CreateFromFile(file))];

    /// <param name="marked">The open file, with <c>$0</c> at the caret.</param>
    /// <param name="others">Other files of the project.</param>
    public static SourceUnderTest Create(string marked, params string[] others)
    {
        var caret = marked.IndexOf("$0", StringComparison.Ordinal);
        Assert.True(caret >= 0, "the source has no $0");
        var text = SourceText.From(marked.Remove(caret, 2));
        var tree = CSharpSyntaxTree.ParseText(text, Options, Path, TestContext.Current.CancellationToken);
        var rest = others.Select((source, index) => CSharpSyntaxTree.ParseText(source, Options, $"/work/Other{index}.cs"));
        var usings = CSharpSyntaxTree.ParseText("global using System; global using System.Linq; global using System.Collections.Generic;", Options, "/work/obj/GlobalUsings.g.cs");
        var compilation = CSharpCompilation.Create("Tests", [tree, usings, .. rest], Framework, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var project = new CompiledProject(compilation, referencesComplete: true, generatorsRan: true);
        return new SourceUnderTest(new CSharpDocument(Path, tree, text, project), caret);
    }
}
