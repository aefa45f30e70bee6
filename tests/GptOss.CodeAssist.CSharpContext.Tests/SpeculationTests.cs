using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Tests;

public class SpeculationTests
{
    private const string Source = "#nullable enable\nclass C { int M(string? text) { $0return text.Length; } }";

    [Fact]
    public void One_name_is_bound_without_an_analysis_of_null_over_the_whole_member()
    {
        var (document, caret) = SourceUnderTest.Create(Source);
        var speculation = Speculation.Find(document.WithChange(new TextSpan(caret, 0), "_ = text; "), caret, TestContext.Current.CancellationToken)!;
        var name = speculation.Root.DescendantNodes().OfType<IdentifierNameSyntax>().First(name => name.Identifier.ValueText == "text");
        var info = speculation.Model.GetTypeInfo(name, TestContext.Current.CancellationToken);
        Assert.Equal(SpecialType.System_String, info.Type!.SpecialType);
        Assert.Equal(NullableFlowState.None, info.Nullability.FlowState);
    }

    [Fact]
    public void Who_reads_warnings_is_told_those_about_null()
    {
        var (document, _) = SourceUnderTest.Create(Source);
        Assert.Contains(document.Model!.GetDiagnostics(null, TestContext.Current.CancellationToken), found => found.Id == "CS8602");
    }
}
