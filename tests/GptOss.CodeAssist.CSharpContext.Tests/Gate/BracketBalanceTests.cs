using GptOss.CodeAssist.CSharpContext.Gate;

namespace GptOss.CodeAssist.CSharpContext.Tests.Gate;

public class BracketBalanceTests
{
    [Theory]
    [InlineData("const total = sum($0", "items.map(x => x.price));", "items.map(x => x.price));")]
    [InlineData("function f() {\n  $0\n}", "if (a) { b(); }\n}\n}", "if (a) { b(); }")]
    [InlineData("if x:\n  call($0)", "a, b)", "a, b")]
    [InlineData("def f():\n  $0", "return \"a ) b\" # and )", "return \"a ) b\" # and )")]
    [InlineData("let s = $0", "don't(x)", "don't(x)")]
    [InlineData("f($0", "a] , b", "a")]
    [InlineData("// an open ( here\n$0", "x = [1, 2];", "x = [1, 2];")]
    [InlineData("s = `a ${$0", "b} c`", "b} c`")]
    [InlineData("s = \"\"\"\n ) ( \n\"\"\"\nf($0", "1)", "1)")]
    [InlineData("$0", "function open() {", "function open() {")]
    public void What_closes_nothing_is_cut(string marked, string candidate, string expected)
    {
        var caret = marked.IndexOf("$0", StringComparison.Ordinal);
        Assert.Equal(expected, BracketBalance.Check(marked[..caret], candidate, marked[(caret + 2)..]) switch
        {
            GateVerdict.ShownAsIs shown => shown.Text,
            GateVerdict.CutTo cut => cut.Text,
            var other => other.ToString(),
        });
    }

    [Fact]
    public void An_answer_that_begins_with_what_closes_nothing_is_refused() =>
        Assert.Equal(RejectionKind.Syntax, Assert.IsType<GateVerdict.Rejected>(BracketBalance.Check("f()\n", ") + 1", "")).Kind);
}
