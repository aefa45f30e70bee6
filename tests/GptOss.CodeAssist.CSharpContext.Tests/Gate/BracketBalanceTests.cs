using GptOss.CodeAssist.CSharpContext.Gate;

namespace GptOss.CodeAssist.CSharpContext.Tests.Gate;

public class BracketBalanceTests
{
    [Theory]
    [InlineData("typescript", "const total = sum($0", "items.map(x => x.price));", "items.map(x => x.price));")]
    [InlineData("javascript", "function f() {\n  $0\n}", "if (a) { b(); }\n}\n}", "if (a) { b(); }")]
    [InlineData("python", "if x:\n  call($0)", "a, b)", "a, b")]
    [InlineData("python", "def f():\n  $0", "return \"a ) b\" # and )", "return \"a ) b\" # and )")]
    [InlineData("typescript", "let s = $0", "don't(x)", "don't(x)")]
    [InlineData("javascript", "f($0", "a] , b", "a")]
    [InlineData("javascript", "// an open ( here\n$0", "x = [1, 2];", "x = [1, 2];")]
    [InlineData("javascript", "s = `a ${$0", "b} c`", "b} c`")]
    [InlineData("python", "s = \"\"\"\n ) ( \n\"\"\"\nf($0", "1)", "1)")]
    [InlineData("javascript", "$0", "function open() {", "function open() {")]
    [InlineData("python", "half = ($0", "width // 2)", "width // 2)")]
    [InlineData("python", "f(# one )\n  $0", "a)", "a)")]
    [InlineData("css", "#header { color: red$0", "; }", "; }")]
    [InlineData("css", "a { b: c }\n#header { $0 }", "color: red; } }", "color: red;")]
    [InlineData("typescript", "class A {\n  #count = ($0", "1 + 2);", "1 + 2);")]
    [InlineData("rust", "fn f<'a>(x: &'a str$0", ") -> &'a str { x }", ") -> &'a str { x }")]
    [InlineData("rust", "let c = ['(', $0", "'\\''];", "'\\''];")]
    [InlineData("markdown", "Three things:\n$0", "a) first", "a) first")]
    public void What_closes_nothing_is_cut(string language, string marked, string candidate, string expected)
    {
        var caret = marked.IndexOf("$0", StringComparison.Ordinal);
        Assert.Equal(expected, BracketBalance.Check(language, marked[..caret], candidate, marked[(caret + 2)..]) switch
        {
            GateVerdict.ShownAsIs shown => shown.Text,
            GateVerdict.CutTo cut => cut.Text,
            var other => other.ToString(),
        });
    }

    [Fact]
    public void An_answer_that_begins_with_what_closes_nothing_is_refused() =>
        Assert.Equal(RejectionKind.Syntax, Assert.IsType<GateVerdict.Rejected>(BracketBalance.Check("javascript", "f()\n", ") + 1", "")).Kind);
}
