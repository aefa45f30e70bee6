using GptOss.CodeAssist.CSharpContext.Gate;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Tests.Gate;

public class FoundErrorTests
{
    [Theory]
    [InlineData("_ = Run();", "A value of type 'void' may not be assigned.")]
    [InlineData("var x = Run();", "Cannot assign void to an implicitly-typed variable")]
    [InlineData("Take(Run());", "Argument 1: cannot convert from 'void' to 'int'")]
    [InlineData("return wide;", "Cannot implicitly convert type 'long' to 'int'. An explicit conversion exists (are you missing a cast?)")]
    [InlineData("if (IsOpen) return 1;", "Cannot convert method group 'IsOpen' to non-delegate type 'bool'. Did you intend to invoke the method?")]
    [InlineData("var small = 1;", "A local or parameter named 'small' cannot be declared in this scope because that name is used in an enclosing local scope to define a local or parameter")]
    [InlineData("_ = nameof(this);", "Expression does not have a name.")]
    [InlineData("await Task.Yield();", "The 'await' operator can only be used within an async method. Consider marking this method with the 'async' modifier and changing its return type to 'Task<int>'.")]
    public void What_the_compiler_has_against_a_statement_is_found(string candidate, string expected) => Check(candidate, expected);

    [Theory]
    [InlineData("Run();")]
    [InlineData("wide = small;")]
    [InlineData("byte one = 1;")]
    [InlineData("System.Action run = Run;")]
    [InlineData("string? none = null;")]
    [InlineData("foreach (int one in new System.Collections.ArrayList()) { }")]
    [InlineData("return small > 0 ? 1 : throw new System.Exception();")]
    public void What_compiles_has_no_error(string candidate) => Check(candidate, null);

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
