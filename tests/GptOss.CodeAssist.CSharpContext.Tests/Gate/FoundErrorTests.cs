using GptOss.CodeAssist.CSharpContext.Gate;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Tests.Gate;

public class FoundErrorTests
{
    [Theory]
    [InlineData("_ = Run();", "'_ = Run()' cannot be used here")]
    [InlineData("var x = Run();", "'= Run()' cannot be used here")]
    [InlineData("Take(Run());", "'Take(Run())' cannot be used here")]
    [InlineData("return wide;", "'wide' cannot be used here")]
    [InlineData("if (IsOpen) return 1;", "'IsOpen' cannot be used here")]
    [InlineData("var small = 1;", "'small = 1' cannot be used here")]
    [InlineData("_ = nameof(this);", "'nameof(this)' cannot be used here")]
    [InlineData("await Task.Yield();", "'await Task.Yield()' cannot be used here")]
    public void What_the_compiler_has_against_a_statement_is_found(string candidate, string expected) => Check(candidate, expected);

    [Theory]
    [InlineData("Run();")]
    [InlineData("wide = small;")]
    [InlineData("byte one = 1;")]
    [InlineData("System.Action run = Run;")]
    [InlineData("string? none = null;")]
    [InlineData("System.Func<int, int> same = small => small;")]
    [InlineData("System.Func<int, int> other = x => { var wide = x; return wide; };")]
    [InlineData("foreach (int one in new System.Collections.ArrayList()) { }")]
    [InlineData("return small > 0 ? 1 : throw new System.Exception();")]
    public void What_compiles_has_no_error(string candidate) => Check(candidate, null);

    [Theory]
    [InlineData("abstract class B { public abstract void Do(); public abstract int P { get; } public virtual void Run() { } } class C : B { void M() { $0 } }", "base.Do();", "'base.Do()' cannot be used here")]
    [InlineData("abstract class B { public abstract void Do(); public abstract int P { get; } public virtual void Run() { } } class C : B { void M() { $0 } }", "var p = base.P;", "'P' cannot be used here")]
    [InlineData("abstract class B { public abstract void Do(); public abstract int P { get; } public virtual void Run() { } } class C : B { void M() { $0 } }", "base.Run();", null)]
    [InlineData("class C { void M(System.DayOfWeek day) { switch (day) { case System.DayOfWeek.Monday: break; $0 break; } } }", "case System.DayOfWeek.Monday:", "'case System.DayOfWeek.Monday:' cannot be used here")]
    [InlineData("class C { void M(System.DayOfWeek day) { switch (day) { case System.DayOfWeek.Monday: break; $0 break; } } }", "case System.DayOfWeek.Friday:", null)]
    [InlineData("class C { void M(string[] all) { $0 } }", "foreach (var all in all) { }", "'all' cannot be used here")]
    [InlineData("class D { public D(Absent one = null, int two = 0) { } } class C { void M() { $0 } }", "_ = new D(two: 1);", null)]
    [InlineData("class D { public static void Run(Absent.One one = Absent.One.A, int two = 0) { } } class C { void M() { $0 } }", "D.Run(two: 1);", null)]
    [InlineData("class C { void M(object any) { $0 } }", "var is1 = any is string? other;", "'string?' cannot be used here")]
    public void What_only_the_place_forbids_is_found(string source, string candidate, string? expected)
    {
        var (document, caret) = SourceUnderTest.Create(source);
        var text = new GateCandidate(new TextSpan(caret, 0), candidate);

        var found = CandidateGate.Check(document, text, TestContext.Current.CancellationToken) is GateVerdict.Rejected rejected
            ? rejected.Because
            : CandidateGate.FindError(document, text, isLikelyRight: false, TestContext.Current.CancellationToken);

        Assert.Equal(expected, found);
    }

    [Theory]
    [InlineData("class C { int size; static int M() { $0 return 1; } }", "var s = size;", "'size' cannot be used here")]
    [InlineData("class C { int size; static int M() { $0 return 1; } }", "return this.size;", "'this' cannot be used here")]
    [InlineData("class C { int size; int M() { $0 return 1; } }", "System.Func<int> f = static () => size;", "'size' cannot be used here")]
    [InlineData("class C { int size; int other = $0; }", "size", "'size' cannot be used here")]
    [InlineData("class C { int size; static string M() { $0 return null; } }", "return nameof(size);", null)]
    [InlineData("class C { int size; int M() { $0 return 1; } }", "System.Func<int> f = () => this.size;", null)]
    [InlineData("class C { static void M(int[] all) { $0 int Compare(int a, int b) => a - b; } }", "System.Array.Sort(all, Compare);", null)]
    [InlineData("class C(int size) { int other = $0; }", "size", null)]
    public void An_instance_is_used_only_where_there_is_one(string source, string candidate, string? expected)
    {
        var (document, caret) = SourceUnderTest.Create(source);

        Assert.Equal(expected, CandidateGate.FindError(document, new GateCandidate(new TextSpan(caret, 0), candidate), isLikelyRight: false, TestContext.Current.CancellationToken));
    }

    private static void Check(string candidate, string? expected)
    {
        var (document, caret) = SourceUnderTest.Create("""
            using System.Threading.Tasks;
            class C
            {
                void Run() { }
                void Take(int amount) { }
                bool IsOpen() => true;
                int M(long wide, int small)
                {
                    $0
                    return small;
                }
            }
            """);
        Assert.Equal(expected, CandidateGate.FindError(document, new GateCandidate(new TextSpan(caret, 0), candidate), isLikelyRight: false, TestContext.Current.CancellationToken));
    }
}
