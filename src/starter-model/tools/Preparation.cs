using System.Text.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.StarterModel;

/// <summary>Turns a corpus into what training reads: a pruned vocabulary, and files with their holes and the related types that they mention.</summary>
/// <remarks>
/// Writes vocabulary.tiktoken; outlines.jsonl, an outline a line; train.jsonl and held.jsonl, a file a line: r, p, t as in the
/// corpus, h the holes (kind, distance from the last hole's start, length, flat) and o the mentions of types that other files of
/// the same repository declare (distance from the last mention, line of outlines.jsonl, flat). Places are characters.
/// </remarks>
internal static class Preparation
{
    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Preview, DocumentationMode.None);

    public static void Run(string corpus, string folder, int mostFrequent, IReadOnlyCollection<string> heldOut, TextWriter log)
    {
        Directory.CreateDirectory(folder);
        var files = CorpusFile.ReadAll(corpus).ToList();
        log.WriteLine($"{files.Count:N0} files, {files.Sum(file => (long)file.Text.Length):N0} characters");
        foreach (var missing in heldOut.Except(files.Select(file => file.Repository)))
        {
            throw new InvalidDataException($"The corpus has no repository '{missing}' to hold out.");
        }

        var vocabulary = PrunedVocabulary.Choose([.. files.Where(file => !heldOut.Contains(file.Repository))], mostFrequent);
        vocabulary.Write(Path.Combine(folder, "vocabulary.tiktoken"));
        log.WriteLine($"{vocabulary.Tokens.Count:N0} tokens kept");

        using var outlines = new StreamWriter(Path.Combine(folder, "outlines.jsonl"));
        using var train = new StreamWriter(Path.Combine(folder, "train.jsonl"));
        using var held = new StreamWriter(Path.Combine(folder, "held.jsonl"));
        var outlineCount = 0;
        foreach (var repository in files.GroupBy(file => file.Repository))
        {
            var roots = repository.AsParallel().AsOrdered().Select(file => (File: file, Root: CSharpSyntaxTree.ParseText(file.Text, ParseOptions).GetRoot())).ToList();
            var types = CollectTypes(roots, outlines, ref outlineCount);
            var output = heldOut.Contains(repository.Key) ? held : train;
            foreach (var line in roots.AsParallel().AsOrdered().Select(entry => WriteLine(entry.File, entry.Root, types)))
            {
                output.WriteLine(line);
            }

            log.WriteLine($"{repository.Key}: {roots.Count:N0} files, {types.Count:N0} type names{(output == held ? ", held out" : string.Empty)}");
        }
    }

    /// <summary>Types by name; a name that several types share names none of them.</summary>
    private static Dictionary<string, (int Line, string Path)> CollectTypes(List<(CorpusFile File, SyntaxNode Root)> roots, StreamWriter outlines, ref int count)
    {
        var found = roots.AsParallel().AsOrdered()
            .SelectMany(entry => entry.Root.DescendantNodes(node => node is not BlockSyntax).OfType<MemberDeclarationSyntax>()
                .Select(OutlineWriter.Write)
                .Where(outline => outline is not null)
                .Select(outline => (outline!.Value.Name, outline.Value.Outline, entry.File.Path)))
            .ToList();
        var types = new Dictionary<string, (int Line, string Path)>(StringComparer.Ordinal);
        foreach (var group in found.GroupBy(type => type.Name).Where(group => group.Count() == 1 && group.Key.Length > 2))
        {
            var (name, outline, path) = group.Single();
            outlines.WriteLine(JsonSerializer.Serialize(outline));
            types.Add(name, (count++, path));
        }

        return types;
    }

    private static string WriteLine(CorpusFile file, SyntaxNode root, Dictionary<string, (int Line, string Path)> types)
    {
        var (holes, mentions) = (new List<int>(), new List<int>());
        var last = 0;
        foreach (var (kind, span) in HoleFinder.Find(root))
        {
            holes.AddRange([(int)kind, span.Start - last, span.Length]);
            last = span.Start;
        }

        last = 0;
        foreach (var token in root.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)))
        {
            if (types.TryGetValue(token.Text, out var type) && type.Path != file.Path)
            {
                mentions.AddRange([token.SpanStart - last, type.Line]);
                last = token.SpanStart;
            }
        }

        return JsonSerializer.Serialize(new { r = file.Repository, p = file.Path, t = file.Text, h = holes, o = mentions });
    }
}
