using GptOss.CodeAssist.CSharpContext.Edits;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Tests.Edits;

public sealed class UsingDirectivesTests
{
    [Fact]
    public void A_directive_goes_between_the_others_by_its_name() => Check(
        "using System;\nusing Zoo;\n\nclass C { }\n", ["Shop.Printing"], "using System;\nusing Shop.Printing;\nusing Zoo;\n\nclass C { }\n");

    [Fact]
    public void System_comes_first_where_the_file_has_it_so() => Check(
        "using System;\nusing Alpha;\n\nclass C { }\n", ["System.Text", "Beta"], "using System;\nusing System.Text;\nusing Alpha;\nusing Beta;\n\nclass C { }\n");

    [Fact]
    public void System_comes_by_its_name_where_the_file_has_it_so() => Check(
        "using Alpha;\nusing System;\nusing Zoo;\n\nclass C { }\n", ["System.Text", "Beta"], "using Alpha;\nusing Beta;\nusing System;\nusing System.Text;\nusing Zoo;\n\nclass C { }\n");

    [Fact]
    public void A_directive_goes_after_others_that_are_in_no_order() => Check(
        "using Zoo;\nusing Alpha;\n\nclass C { }\n", ["Middle"], "using Zoo;\nusing Alpha;\nusing Middle;\n\nclass C { }\n");

    [Fact]
    public void Small_and_capital_letters_are_alike() => Check(
        "using alpha;\nusing Zoo;\n\nclass C { }\n", ["beta"], "using alpha;\nusing beta;\nusing Zoo;\n\nclass C { }\n");

    [Fact]
    public void Parts_of_names_are_compared_one_by_one() => Check(
        "using A.Z;\nusing AB;\n\nclass C { }\n", ["A.B"], "using A.B;\nusing A.Z;\nusing AB;\n\nclass C { }\n");

    [Fact]
    public void What_is_imported_already_is_not_imported_again() => Check("using System.Text;\nnamespace N\n{\n    using System.IO;\n}\n", ["System.Text", "System.IO"], "using System.Text;\nnamespace N\n{\n    using System.IO;\n}\n");

    [Fact]
    public void An_alias_or_a_static_import_is_no_import_of_a_namespace() => Check(
        "using static System.Math;\nusing Text = System.Text;\n\nclass C { }\n", ["System.Text"], "using static System.Math;\nusing Text = System.Text;\nusing System.Text;\n\n\nclass C { }\n");

    [Fact]
    public void Directives_inside_a_namespace_stay_there() => Check(
        "namespace N\n{\n    using System;\n\n    class C { }\n}\n", ["System.Text"], "namespace N\n{\n    using System;\n    using System.Text;\n\n    class C { }\n}\n");

    [Fact]
    public void The_first_directive_of_a_file_goes_below_its_licence() => Check(
        "// Licence\r\n\r\nclass C { }\r\n", ["System.Text", "Alpha"], "// Licence\r\n\r\nusing System.Text;\r\nusing Alpha;\r\n\r\nclass C { }\r\n");

    private static void Check(string source, string[] namespaces, string expected)
    {
        var text = SourceText.From(source);
        Assert.Equal(expected, text.WithChanges(UsingDirectives.FindMissing(text, namespaces, TestContext.Current.CancellationToken)).ToString());
    }
}
