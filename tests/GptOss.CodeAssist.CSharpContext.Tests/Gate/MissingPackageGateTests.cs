using GptOss.CodeAssist.CSharpContext.Gate;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Tests.Gate;

/// <summary>Projects whose packages are not there: what nobody can know speaks for a candidate, what nobody has ever written speaks against it.</summary>
public class MissingPackageGateTests
{
    private const string Project = """
        // file: P.csproj
        <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup></Project>
        // file: Other.cs
        using Absent.Package;
        class Other : AbsentBase { void M() { this.Seen(); var n = Seen2; Widen("x"); "y".Lengthen(); } }
        // file: C.cs
        using Absent.Package;
        class C : AbsentBase { List<AbsentType> Many = new(); void M(string s) {  } }
        """;

    private const string Own = """
        // file: P.csproj
        <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup></Project>
        // file: Own.cs
        class Own { public void Add(int amount) { } public System.Action<int> Added = null!; public void Take(AbsentType one) { } }
        class Odd : AbsentBase { public Odd(int size) { } public void Turn(int by) { } }
        class Even : Own, IAbsent { public void Turn(int by) { } }
        // file: C.cs
        using Absent.Package;
        class C { void M(Own own, Odd odd, Even even, AbsentType absent, List<int> list) {  } }
        """;

    [Theory]
    [InlineData("own.Add(1, odd);", false)]
    [InlineData("own.Added(1, odd);", false)]
    [InlineData("own.Take();", false)]
    [InlineData("own.Take(absent);", true)]
    [InlineData("list.Add(1, odd);", true)]
    [InlineData("new Odd(1, absent);", false)]
    [InlineData("odd.Turn(1, odd);", true)]
    [InlineData("even.Turn(1, odd);", false)]
    public Task A_count_of_arguments_is_wrong_where_the_workspace_declares_all_that_are_called_so(string candidate, bool isShown) => Check(Own, candidate, isShown);

    [Theory]
    [InlineData("this.Seen();", true)]
    [InlineData("Widen(s);", true)]
    [InlineData("s.Lengthen();", true)]
    [InlineData("this.NeverSeenAnywhere();", false)]
    [InlineData("NeverSeenAnywhere();", false)]
    [InlineData("s.NeverSeenAnywhere();", false)]
    [InlineData("Math.Lengthen();", false)]
    [InlineData("Many.NeverSeenAnywhere.M();", false)]
    [InlineData("Many[0].NeverSeenAnywhere.M();", true)]
    public Task A_name_is_refused_when_nobody_has_ever_written_it_or_no_package_could_bring_it(string candidate, bool isShown) => Check(Project, candidate, isShown);

    private static async Task Check(string files, string candidate, bool isShown)
    {
        using var folder = FolderUnderTest.Create(files);
        await using var workspace = folder.Open();
        await workspace.Indexed;
        var document = (await workspace.PrepareDocumentAsync(folder.File("C.cs"), TestContext.Current.CancellationToken))!;
        var caret = document.Text.ToString().IndexOf("{  }", StringComparison.Ordinal) + 2;
        var verdict = CandidateGate.Check(document, new GateCandidate(new TextSpan(caret, 0), candidate), TestContext.Current.CancellationToken);
        Assert.Equal(isShown, verdict is GateVerdict.ShownAsIs);
    }
}
