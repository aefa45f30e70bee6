using CsCheck;
using GptOss.CodeAssist.CSharpContext.Related.Lexical;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Tests.Related;

public class LexicalIndexTests
{
    private static readonly string[] Vocabulary = ["alpha", "beta", "gamma", "delta"];

    [Theory]
    [InlineData("JsWeakSetPrototype", "weak,set,prototype")]
    [InlineData("HTTPServer_Name2", "http,server,name2")]
    [InlineData("ok", "")]
    public void Names_are_cut_into_their_parts(string name, string parts) => Assert.Equal(parts, string.Join(',', Words.PartsOf(name)));

    [Fact]
    public void An_index_changed_file_by_file_finds_what_a_fresh_one_finds() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 3].Select(word => Vocabulary[word]).Array[0, 30]).Array[1, 40].Sample(edits =>
        {
            var changed = new LexicalIndex();
            var texts = new Dictionary<string, string>();
            foreach (var (file, words) in edits)
            {
                var path = $"/w/{file}.cs";
                texts[path] = string.Join("\n", words);
                changed.Set(path, SourceText.From(texts[path]));
            }

            var fresh = new LexicalIndex();
            foreach (var (path, text) in texts)
            {
                fresh.Set(path, SourceText.From(text));
            }

            Assert.Equal(Find(fresh), Find(changed));
        });

    [Fact]
    public void A_removed_file_is_found_no_more()
    {
        var index = new LexicalIndex();
        index.Set("/w/a.cs", SourceText.From("alpha"));
        index.SetOrRemove("/w/a.cs", null);
        Assert.Empty(Find(index));
    }

    private static string Find(LexicalIndex index) => string.Join(' ', index
        .Search(new Dictionary<string, double> { ["alpha"] = 1, ["beta"] = 0.5 }, "/w/other.cs", 100, () => false, CancellationToken.None)
        .Select(hit => $"{hit.Path}:{hit.FirstLine}={hit.Score:F4}"));
}
