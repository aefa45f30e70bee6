using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.Tidy.Tests;

public sealed class SourceFileTests
{
    // Past this many lines a file has to justify itself; the few that do are named with their reason.
    private const int ManyLines = 450;

    private static readonly Dictionary<string, string> LongFiles = new()
    {
        ["src/GptOss.CodeAssist.Inference.Llama/Decoding/DecodeLoop.cs"] = "The one loop that owns a context; admission, batching, cancellation and reuse change the same state and are read together.",
    };

    private static readonly Lazy<Dictionary<string, CompilationUnitSyntax>> Sources = new(() => Repository.Files
        .Where(file => file.EndsWith(".cs", StringComparison.Ordinal))
        .ToDictionary(file => file, file => CSharpSyntaxTree.ParseText(Repository.Read(file), new CSharpParseOptions(LanguageVersion.Preview)).GetCompilationUnitRoot()));

    [Fact]
    public void A_source_file_bears_the_name_of_its_first_type() => Check("src/", (file, types) =>
        types.Length == 0 || NameOf(types[0]) == Path.GetFileNameWithoutExtension(file).Split(['.', '{'])[0]);

    [Fact]
    public void A_file_holds_at_most_one_public_type() => Check("", (_, types) =>
        types.Where(type => type.Modifiers.Any(modifier => modifier.IsKind(SyntaxKind.PublicKeyword))).Select(NameOf).Distinct().Count() <= 1);

    [Fact]
    public void Namespaces_begin_with_the_project_they_belong_to()
    {
        var strays = Sources.Value.Select(source => (source.Key, Project: source.Key.Split('/')[1], Namespace: source.Value.Members.OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault()?.Name.ToString()))
            .Where(file => file.Namespace is not null && file.Project != "starter-model" && file.Namespace != file.Project && !file.Namespace.StartsWith(file.Project + ".", StringComparison.Ordinal));

        Assert.Empty(strays);
    }

    [Fact]
    public void Long_files_justify_themselves()
    {
        var unjustified = Repository.Files.Where(file => file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal) && !LongFiles.ContainsKey(file))
            .Select(file => (file, lines: Repository.Read(file).AsSpan().Count('\n')))
            .Where(file => file.lines > ManyLines);

        Assert.Empty(unjustified);
        Assert.Empty(LongFiles.Keys.Except(Repository.Files));
    }

    private static void Check(string folder, Func<string, MemberDeclarationSyntax[], bool> holds)
    {
        var files = Sources.Value.Where(source => source.Key.StartsWith(folder, StringComparison.Ordinal)).Select(source => (source.Key, Types: TypesOf(source.Value).ToArray()));
        var wrong = files.Where(file => !holds(file.Key, file.Types)).Select(file => $"{file.Key} holds {string.Join(", ", file.Types.Select(NameOf))}").ToArray();

        Assert.True(wrong.Length == 0, string.Join(Environment.NewLine, wrong));
    }

    private static IEnumerable<MemberDeclarationSyntax> TypesOf(CompilationUnitSyntax unit) =>
        unit.Members.Concat(unit.Members.OfType<BaseNamespaceDeclarationSyntax>().SelectMany(space => space.Members)).Where(member => member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax);

    private static string NameOf(MemberDeclarationSyntax type) => type is DelegateDeclarationSyntax named ? named.Identifier.Text : ((BaseTypeDeclarationSyntax)type).Identifier.Text;
}
