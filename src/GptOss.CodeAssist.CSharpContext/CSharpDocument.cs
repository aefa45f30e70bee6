using GptOss.CodeAssist.CSharpContext.Related.Lexical;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext;

/// <summary>A C# file as the editor shows it, with the newest compilation of its project that is ready.</summary>
/// <remarks>Immutable. The compilation may be older than the text: what looks at it speculates, it never waits.</remarks>
public sealed class CSharpDocument
{
    private readonly Lazy<SemanticModel?> _model;
    private readonly Lazy<bool> _declaresWhatWasCompiled;
    private readonly Lazy<bool> _importsWhatWasCompiled;

    public CSharpDocument(string path, SyntaxTree tree, SourceText text, CompiledProject? project)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(tree);
        ArgumentNullException.ThrowIfNull(text);
        Path = path;
        Tree = tree;
        Text = text;
        Project = project;
        CompiledTree = project?.FindTree(path);
        _declaresWhatWasCompiled = new Lazy<bool>(() => CompiledTree is { } compiled && SyntaxFactory.AreEquivalent(compiled, Tree, topLevel: true));
        _importsWhatWasCompiled = new Lazy<bool>(() => CompiledTree is { } compiled && (compiled == Tree || ImportsOf(compiled).All(ImportsOf(Tree).Contains)));
        _model = new Lazy<SemanticModel?>(() => Project is null ? null : CompiledTree == Tree
            ? Project.Compilation.GetSemanticModel(Tree)
            : Project.WithTree(CompiledTree, Tree).Compilation.GetSemanticModel(Tree));
    }

    /// <summary>Full path of the file.</summary>
    public string Path { get; }

    /// <summary>The current text; offsets are UTF-16 units.</summary>
    public SourceText Text { get; }

    /// <summary>The current text, parsed.</summary>
    public SyntaxTree Tree { get; }

    /// <summary>The last good compilation of the file's project, or null while it is not ready.</summary>
    public CompiledProject? Project { get; }

    /// <summary>The file's tree inside <see cref="Project"/>, or null where the project does not hold it yet.</summary>
    public SyntaxTree? CompiledTree { get; }

    /// <summary>Whether the file declares what it declared when it was compiled, whatever its bodies are now. Compared once.</summary>
    internal bool DeclaresWhatWasCompiled => _declaresWhatWasCompiled.Value;

    /// <summary>Whether the file still imports all that it imported when it was compiled; where not, the compilation knows names that the text does not.</summary>
    internal bool ImportsWhatWasCompiled => _importsWhatWasCompiled.Value;

    /// <summary>The compiler's word on the current text; null while the project is not compiled. Made once, and binds the file anew: nothing for every keystroke.</summary>
    public SemanticModel? Model => _model.Value;

    /// <summary>A document outside any workspace: syntax only, unless a project is given.</summary>
    public static CSharpDocument Parse(string path, SourceText text, CompiledProject? project = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        var options = project?.ParseOptions ?? CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);
        return new CSharpDocument(path, CSharpSyntaxTree.ParseText(text, options, path, cancellationToken), text, project);
    }

    /// <summary>Every word of the text with its distance from the caret, in UTF-16 units. Scanned, not parsed: it costs a millisecond for a long file.</summary>
    internal Dictionary<string, int> WordDistances(int caret)
    {
        var content = Text.ToString().AsSpan();
        var distances = new Dictionary<string, int>(StringComparer.Ordinal);
        var lookup = distances.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var range in Words.Find(content))
        {
            var word = content[range];
            var distance = Math.Abs(range.Start.Value - caret);
            if (!lookup.TryGetValue(word, out var known) || distance < known)
            {
                lookup[word] = distance;
            }
        }

        return distances;
    }

    /// <summary>The same document after one change, parsed incrementally.</summary>
    internal CSharpDocument WithChange(TextSpan span, string replacement) => WithChanges([new TextChange(span, replacement)]);

    /// <summary>The same document after several changes, none overlapping, parsed incrementally.</summary>
    internal CSharpDocument WithChanges(IEnumerable<TextChange> changes)
    {
        var text = Text.WithChanges(changes);
        return new CSharpDocument(Path, Tree.WithChangedText(text), text, Project);
    }

    private static HashSet<string> ImportsOf(SyntaxTree tree) =>
        [.. tree.GetRoot().DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax).OfType<UsingDirectiveSyntax>().Select(directive => directive.ToString())];
}
