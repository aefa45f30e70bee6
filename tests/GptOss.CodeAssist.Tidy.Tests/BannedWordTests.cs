using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace GptOss.CodeAssist.Tidy.Tests;

/// <summary>The project speaks of itself alone: no paths of the machine it was written on, no pages outside the repository, no excuses.</summary>
public sealed class BannedWordTests
{
    private static readonly ImmutableArray<BannedWord> BannedWords =
    [
        new(@"(?<![\w.])/work/(main|wt|shared)\b|/root/\.|/tmp/nlc\b|\b[A-Z]:\\Users\\\w", "a path of somebody's machine"),
        new(@"\bDESIGN(\.md| §)|\bSTYLE\.md\b|\bBRIEF\.md\b|\bfacts/(gpt-oss|peers|context|codebases)\b", "a page that is not in the repository"),
        new(@"(?i)\b(Claude|Anthropic|sub-?agents?|git worktree)\b", "how the project is written"),
        new(@"(?<![\w/#])[Ii]ssues? #?\d{1,2}\b", "a tracker that readers do not have; link to a public one, or say what it is about"),
        new(@"//.*\bTODO\b", "work that is left; do it, or describe today's behaviour"),
        new(@"\bthrow new (System\.)?NotImplementedException\(", "a stub"),
        new(@"(?i)\b(artifactory|jfrog|verdaccio|nexus-?repo)\b", "a package registry's host"),
        new(@"(?i)\b(password|api[_-]?key|secret|token)\s*[:=]\s*['""][A-Za-z0-9+/_-]{20,}['""]|-----BEGIN [A-Z ]*PRIVATE KEY-----|\bghp_[A-Za-z0-9]{30,}|\bnpm_[A-Za-z0-9]{30,}", "a credential"),
    ];

    // This file spells what it forbids.
    private static readonly ImmutableHashSet<string> Exempt = ["tests/GptOss.CodeAssist.Tidy.Tests/BannedWordTests.cs"];

    [Fact]
    public void No_file_contains_a_banned_word()
    {
        var hits = Repository.TextFiles.Where(file => !Exempt.Contains(file)).SelectMany(FindHits).ToArray();

        Assert.True(hits.Length == 0, string.Join(Environment.NewLine, hits));
    }

    [Theory]
    [InlineData("see /work/main/src")]
    [InlineData("as DESIGN §4 says")]
    [InlineData("written by Claude")]
    [InlineData("for issue 12")]
    [InlineData("// TODO later")]
    [InlineData("throw new NotImplementedException();")]
    [InlineData("var apiKey = \"abcdefghijklmnopqrstuvwxyz\";")]
    public void The_list_finds_what_it_is_for(string text) => Assert.Contains(BannedWords, word => word.Pattern.IsMatch(text));

    [Theory]
    [InlineData("llama.cpp issue 27720, https://github.com/ggml-org/llama.cpp/issues/17037")]
    [InlineData("a framework of its own")]
    [InlineData("the workspace's session")]
    [InlineData("bodies that throw NotImplementedException or hold a TODO")]
    [InlineData("var token = vocabulary.FindSpecial(\"<|start|>\");")]
    public void The_list_leaves_ordinary_words_alone(string text) => Assert.DoesNotContain(BannedWords, word => word.Pattern.IsMatch(text));

    private static IEnumerable<string> FindHits(string file) => Repository.Read(file).Split('\n').Index().SelectMany(line => BannedWords
        .Where(word => word.Pattern.IsMatch(line.Item))
        .Select(word => $"{file}:{line.Index + 1} names {word.What}: {line.Item.Trim()}"));

    private sealed record BannedWord(string Expression, string What)
    {
        public Regex Pattern { get; } = new(Expression, RegexOptions.CultureInvariant);
    }
}
