using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.Tidy.Tests;

/// <summary>No silence: the list of reasons for empty answers is closed, complete, told to clients and proved by tests.</summary>
public sealed class EmptyReasonTests
{
    private const string Folder = "src/GptOss.CodeAssist.Assistant/";

    private static readonly string[] Codes = [.. Nodes(Folder + "EmptyReasonCode.cs").OfType<EnumMemberDeclarationSyntax>().Select(member => member.Identifier.Text)];

    private static readonly MemberDeclarationSyntax[] Makers = [.. Nodes(Folder + "EmptyReasons.cs").OfType<ClassDeclarationSyntax>().Single().Members];

    [Fact]
    public void The_protocols_page_has_a_sentence_for_every_code_and_for_no_other()
    {
        var rows = Regex.Matches(Repository.Read("editor-clients/PROTOCOL.md"), @"^\| `(?<code>[a-z-]+)` \| (?<sentence>[A-Z].*\.) \|$", RegexOptions.Multiline);

        Assert.NotEmpty(Codes);
        Assert.Equal(Codes.Select(NameOf), rows.Select(row => row.Groups["code"].Value));
    }

    [Fact]
    public void Every_code_is_given_by_some_code_of_the_product()
    {
        var used = Repository.Files.Where(file => file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal) && file != Folder + "EmptyReasons.cs")
            .SelectMany(Nodes).OfType<MemberAccessExpressionSyntax>().Where(access => access.Expression.ToString() == "EmptyReasons").Select(access => access.Name.Identifier.Text).ToHashSet();

        Assert.All(Codes, code => Assert.Contains(Makers, maker => maker.ToString().Contains($"EmptyReasonCode.{code},", StringComparison.Ordinal) && used.Contains(MakerName(maker))));
    }

    [Fact]
    public void Every_code_is_proved_by_a_test()
    {
        var tests = string.Concat(Repository.Files.Where(file => file.StartsWith("tests/", StringComparison.Ordinal) && file.EndsWith("Tests.cs", StringComparison.Ordinal)).Select(Repository.Read));

        Assert.All(Codes.Select(NameOf), name => Assert.Matches($"\"\\(?{name}\\)?\"", tests));
    }

    private static string MakerName(MemberDeclarationSyntax maker) => maker switch
    {
        MethodDeclarationSyntax method => method.Identifier.Text,
        PropertyDeclarationSyntax property => property.Identifier.Text,
        _ => "",
    };

    private static string NameOf(string code) => JsonNamingPolicy.KebabCaseLower.ConvertName(code);

    private static IEnumerable<Microsoft.CodeAnalysis.SyntaxNode> Nodes(string file) => CSharpSyntaxTree.ParseText(Repository.Read(file), new CSharpParseOptions(LanguageVersion.Preview)).GetRoot().DescendantNodes();
}
