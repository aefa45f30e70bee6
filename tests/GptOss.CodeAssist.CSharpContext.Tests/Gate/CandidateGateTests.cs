using GptOss.CodeAssist.CSharpContext.Gate;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Tests.Gate;

public class CandidateGateTests
{
    private const string Shop = """
        namespace Shop
        {
            public class Order { public int Total; public void Pay(int amount, string note) { } public string Name => ""; }
            public static class OrderExtensions { public static bool IsPaid(this Order order) => true; }
        }
        namespace Shop.Printing
        {
            public class Printer { public void Print(Order order) { } }
            public static class Printing { public static void PrintTwice(this Order order) { } }
        }
        """;

    [Fact]
    public void A_call_that_binds_is_shown_as_is() =>
        Check("class C { void M(Shop.Order order) { order.$0 } }", """Pay(1, "x");""", """shown: Pay(1, "x");""");

    [Fact]
    public void An_invented_member_is_rejected() =>
        Check("class C { void M(Shop.Order order) { order.$0 } }", "PayLater();", "rejected UnknownName: nothing named 'PayLater' is known here");

    [Fact]
    public void A_name_that_the_candidate_only_finishes_is_checked_as_a_whole() =>
        Check("class C { void M(Shop.Order order) { order.Pa$0 } }", "int();", "rejected UnknownName: nothing named 'Paint' is known here");

    [Fact]
    public void A_missing_argument_is_rejected() =>
        Check("class C { void M(Shop.Order order) { order.$0 } }", "Pay(1);", "rejected ArgumentCount: no overload of 'Pay' takes these arguments");

    [Fact]
    public void A_wrong_argument_type_is_rejected() =>
        Check("class C { void M(Shop.Order order) { order.$0 } }", "Pay(true, \"x\");", "rejected WrongType: an argument of 'Pay' has a type that does not fit");

    [Fact]
    public void A_wrong_argument_is_rejected_where_the_compiler_thinks_of_an_overload_by_reference() =>
        Check(
            "class C { static void See(bool a, string note) { } static void See(bool a, ref System.Text.StringBuilder note) { } void M() { $0 } }",
            "See(true, 42);",
            "rejected WrongType: an argument of 'See' has a type that does not fit");

    [Fact]
    public void A_cast_that_cannot_be_is_rejected_and_one_that_may_is_not()
    {
        Check("class C { void M(Shop.Order order) { $0 } }", "var s = (string)order.Total;", "rejected WrongType: the type of 'order.Total' does not fit here");
        Check("class C { void M(object any, System.IDisposable open) { $0 } }", "var s = (string)any; var c = (C)open; var l = (long)s.Length;", "shown: var s = (string)any; var c = (C)open; var l = (long)s.Length;");
    }

    [Theory]
    [InlineData("int M(long wide) { $0 }", "return wide;", "rejected WrongType: the type of 'wide' does not fit here")]
    [InlineData("byte M(long wide) { $0 }", "return 7;", "shown: return 7;")]
    [InlineData("void M() { int Local() { $0 } }", "return;", "rejected Other: 'return' cannot be used here")]
    [InlineData("int M() { void Local() { $0 } return 1; }", "return;", "shown: return;")]
    [InlineData("void M() { async Task<int> Local() { await Task.Yield(); $0 } }", "return 1;", "shown: return 1;")]
    [InlineData("int M() { Func<int> f = () => { $0 }; return 1; }", "return 1;", "shown: return 1;")]
    [InlineData("T M<T>(object any) { $0 }", "return any ?? default;", "rejected WrongType: the type of 'any ?? default' does not fit here")]
    public void A_value_that_only_a_cast_would_fit_is_rejected(string member, string candidate, string expected) => Check($"class C {{ {member} }}", candidate, expected);

    [Fact]
    public void A_constructor_that_may_not_be_called_here_is_rejected() =>
        Check("class D { protected D() { } public D(int size) { } } class C { void M() { $0 } }", "var d = new D();", "rejected Other: 'D' cannot be used here");

    [Theory]
    [InlineData("Take(1)")]
    [InlineData("C.Take(1)")]
    public void A_wrong_count_is_rejected_whatever_the_types_are_where_no_extension_can_help(string call) =>
        Check("class C { static void Take(Absent absent, int count) { } void M() { $0 } }", call + ";", "rejected ArgumentCount: no overload of 'Take' takes these arguments");

    [Fact]
    public void A_wrong_value_type_is_rejected() =>
        Check("class C { void M(Shop.Order order) { int total = $0 } }", "order.Name;", "rejected WrongType: the type of 'order.Name' does not fit here");

    [Fact]
    public void What_stands_before_the_statement_that_does_not_bind_is_kept() =>
        Check(
            """
            class C { void M(Shop.Order order) {
                $0
            } }
            """,
            "var a = order.Total;\n    order.Explode();",
            "cut 20: var a = order.Total; (nothing named 'Explode' is known here)");

    [Fact]
    public void A_second_closing_brace_is_cut() =>
        Check(
            """
            class C
            {
                void M(Shop.Order order)
                {
                    $0
                }
            }
            """,
            "order.Total = 1;\n    }\n}",
            "cut 16: order.Total = 1; (the rest of the answer does not parse here)");

    [Fact]
    public void A_block_left_open_is_closed() =>
        Check(
            """
            class C
            {
                void M(Shop.Order order)
                {
                    $0
                }
            }
            """,
            "if (order.Total > 0)\n        {\n            order.Total = 1;",
            "cut 59 with '\\n        }': if (order.Total > 0)\\n        {\\n            order.Total = 1;\\n        } (the answer left brackets open)");

    [Fact]
    public void A_statement_broken_off_in_the_middle_goes() =>
        Check(
            """
            class C
            {
                void M(Shop.Order order)
                {
                    $0
                }
            }
            """,
            "order.Total = 1;\n        order.Total = order.",
            "cut 16: order.Total = 1; (the rest of the answer does not parse here)");

    [Fact]
    public void Text_that_is_not_code_is_rejected() =>
        Check("class C { void M() { $0 } }", ") here is the code:", "rejected Syntax: the answer does not parse in front of the code that follows");

    [Fact]
    public void White_space_is_rejected() => Check("class C { $0 }", " \n ", "rejected Empty: the answer is empty");

    [Fact]
    public void Errors_that_the_file_already_has_do_not_count() =>
        Check("class C { void N() { int x = missing + ; } void M(Shop.Order order) { order.$0 } }", "Total = unfinished", "rejected UnknownName: nothing named 'unfinished' is known here");

    [Fact]
    public void An_unfinished_line_that_lacked_its_semicolon_before_may_lack_it_still() =>
        Check("class C { int M(Shop.Order order) { return order.$0\n } }", "Total", "shown: Total");

    [Fact]
    public void A_local_whose_name_is_taken_is_rejected_and_one_that_hides_a_name_in_a_function_of_its_own_is_not()
    {
        Check("class C { void M(Dictionary<int, int> all, int key) { $0 } }", "_ = all is { Count: var key };", "rejected Other: 'key' cannot be used here");
        Check("class C { void M(Dictionary<int, int> all, int key) { $0 } }", "Func<int, int> f = key => key + 1;", "shown: Func<int, int> f = key => key + 1;");
    }

    [Theory]
    [InlineData("var next = 2;", "next")]
    [InlineData("{ var parsed = 2; }", "parsed")]
    public void A_local_whose_name_is_declared_further_down_is_rejected(string candidate, string name) =>
        Check("class C { void M() { $0 int.TryParse(\"\", out var parsed); var next = 1; } }", candidate, $"rejected Other: '{name}' cannot be used here");

    [Theory]
    [InlineData("foreach (var one in order) { }", "rejected Other: 'order' cannot be used here")]
    [InlineData("foreach (var one in order.ToString) { }", "rejected Other: 'order.ToString' cannot be used here")]
    [InlineData("foreach (var one in order.Name) { }", "shown: foreach (var one in order.Name) { }")]
    [InlineData("foreach (var one in new[] { 1 }) { }", "shown: foreach (var one in new[] { 1 }) { }")]
    [InlineData("throw;", "rejected Other: 'throw' cannot be used here")]
    [InlineData("try { } catch { throw; }", "shown: try { } catch { throw; }")]
    public void Loops_go_over_what_can_be_enumerated_and_only_what_was_caught_is_thrown_again(string candidate, string expected) =>
        Check("class C { void M(Shop.Order order) { $0 } }", candidate, expected);

    [Fact]
    public void A_missing_using_for_a_type_is_offered() =>
        Check("using System;\nclass C { void M(Shop.Order order) { $0 } }", "new Printer().Print(order);", "shown: new Printer().Print(order); with Shop.Printing");

    [Fact]
    public void A_missing_using_for_an_extension_method_is_offered() =>
        Check("class C { void M(Shop.Order order) { order.$0 } }", "PrintTwice();", "shown: PrintTwice(); with Shop.Printing");

    [Fact]
    public void A_missing_using_from_the_framework_is_offered() =>
        Check("namespace N;\nusing System.Text;\nclass C { void M() { var r = new $0 } }", "Regex(\"a\");", "shown: Regex(\"a\"); with System.Text.RegularExpressions");

    [Theory]
    [InlineData("object M() { return $0 }", "new StringBuilder(3);")]
    [InlineData("object One => $0\n object M() { return null; }", "new StringBuilder(3);")]
    [InlineData("object M() { return null; } $0", "object One => new StringBuilder(3);")]
    public void What_was_imported_when_the_file_was_compiled_and_is_no_longer_is_missing(string member, string candidate)
    {
        var marked = $"using System.Text;\nclass C {{ {member} }}\n";
        var (compiled, _) = SourceUnderTest.Create(marked);
        var text = SourceText.From(compiled.Text.ToString().Replace("using System.Text;\n", "", StringComparison.Ordinal));
        var document = CSharpDocument.Parse(compiled.Path, text, compiled.Project, TestContext.Current.CancellationToken);
        var caret = marked.IndexOf("$0", StringComparison.Ordinal) - "using System.Text;\n".Length;

        var verdict = CandidateGate.Check(document, new GateCandidate(new TextSpan(caret, 0), candidate), TestContext.Current.CancellationToken);

        Assert.Equal(["System.Text"], Assert.IsType<GateVerdict.NeedsUsing>(verdict).Namespaces);
    }

    [Fact]
    public void A_whole_member_is_bound_too() =>
        Check("class C { $0 }", "int Sum(Shop.Order order) => order.Sum;", "rejected UnknownName: nothing named 'Sum' is known here");

    [Fact]
    public void A_whole_member_that_binds_is_shown() =>
        Check("class C { $0 }", "int Sum(Shop.Order order) => order.Total;", "shown: int Sum(Shop.Order order) => order.Total;");

    [Fact]
    public void Expression_bodies_initializers_and_accessors_are_bound() =>
        Assert.All(
            ["class C { Shop.Order o; int M() => o.$0; }", "class C { static Shop.Order o; int x = o.$0; }", "class C { Shop.Order o; int P { get { return o.$0; } } }", "class C { Shop.Order o; int P { get => o.$0; } }"],
            source => Check(source, "Totel", "rejected UnknownName: nothing named 'Totel' is known here"));

    [Theory]
    [InlineData("var (a, b) = (1, 2); _ = a + b;")]
    [InlineData("var q = from x in new[] { 1 } let y = x group y by x into g select new { g.Key, N = g.Count() };")]
    [InlineData("foreach (var (k, v) in new Dictionary<string, int>()) { Console.WriteLine(nameof(k) + v); }")]
    [InlineData("dynamic d = order; d.Anything(1).At.All = 3;")]
    [InlineData("if (order is { Total: > 3, Name.Length: var n } && n > 1) { goto done; } done: return;")]
    [InlineData("Func<int, int> f = x => { int Twice(int y) => y * 2; return Twice(x); }; f(1);")]
    [InlineData("var t = order?.Name?.Length.ToString(); order.Pay(note: t ?? \"\", amount: 1);")]
    [InlineData("Span<int> s = [1, 2, 3]; foreach (ref var i in s) { i++; }")]
    [InlineData("var copy = new Shop.Order { Total = 3 }; var list = new List<int> { 1, 2 }; var m = new Dictionary<string, int> { [\"a\"] = 1 };")]
    [InlineData("if (int.TryParse(\"1\", out var parsed)) { Console.WriteLine($\"{parsed:D3}\"); }")]
    [InlineData("try { order.Pay(1, \"\"); } catch (Exception e) when (e.Message.Length > 0) { throw; } finally { }")]
    [InlineData("Action a = order.ToString().ToList().Clear; a += () => { };")]
    [InlineData("var r = order.Total switch { 0 => \"none\", > 5 and < 9 => \"some\", _ => throw new InvalidOperationException() };")]
    [InlineData("var groups = new[] { order }.GroupBy(o => o.Name).OrderBy(g => g.Key).ToDictionary(g => g.Key, g => g.Sum(o => o.Total));")]
    public void Code_that_compiles_is_never_refused(string candidate) =>
        Check("class C { void M(Shop.Order order) { $0 } }", candidate, $"shown: {candidate}");

    [Fact]
    public void Without_a_compilation_the_parser_alone_decides()
    {
        var document = CSharpDocument.Parse("/work/a.cs", SourceText.From("class C { void M() {  } }"), cancellationToken: TestContext.Current.CancellationToken);
        var verdict = CandidateGate.Check(document, new GateCandidate(new TextSpan(21, 0), "Anything(1);"), TestContext.Current.CancellationToken);
        Assert.IsType<GateVerdict.ShownAsIs>(verdict);
    }

    [Fact]
    public void A_replaced_closer_is_replaced() =>
        Check("class C { void M(Shop.Order order) { order.Pay($0); } }", "1, \"x\");", "shown: 1, \"x\");", replacedLength: 2);

    [Fact]
    public void A_member_that_changed_since_the_compilation_is_bound_by_a_fork()
    {
        var source = SourceUnderTest.Create("class C { void M() { $0 } }");
        var edited = source.Document.WithChange(new TextSpan(10, 0), "int fresh; void New(int q) { q.x } ");
        var position = edited.Text.ToString().IndexOf("q.x", StringComparison.Ordinal) + 3;
        var verdict = CandidateGate.Check(edited, new GateCandidate(new TextSpan(position, 0), "yz();"), TestContext.Current.CancellationToken);
        Assert.IsType<GateVerdict.Rejected>(verdict);
        var fine = CandidateGate.Check(edited, new GateCandidate(new TextSpan(position - 3, 3), "fresh = q;"), TestContext.Current.CancellationToken);
        Assert.IsType<GateVerdict.ShownAsIs>(fine);
    }

    [Theory]
    [InlineData(true, typeof(GateVerdict.ShownAsIs))]
    [InlineData(false, typeof(GateVerdict.Rejected))]
    public void With_a_package_missing_a_name_is_refused_only_where_the_whole_workspace_has_never_seen_it(bool isUsed, Type expected)
    {
        var (document, caret) = SourceUnderTest.Create("using Missing.Package; class C { void M(Shop.Order order) { order.$0 } }", Shop);
        var project = new CompiledProject(document.Project!.Compilation, referencesComplete: false, generatorsRan: false) { IsWordUsed = _ => isUsed };
        var incomplete = new CSharpDocument(document.Path, document.Tree, document.Text, project);
        Assert.IsType(expected, CandidateGate.Check(incomplete, new GateCandidate(new TextSpan(caret, 0), "FromThePackage();"), TestContext.Current.CancellationToken));
    }

    private static void Check(string source, string candidate, string expected, int replacedLength = 0)
    {
        var (document, caret) = SourceUnderTest.Create(source, Shop);
        var verdict = CandidateGate.Check(document, new GateCandidate(new TextSpan(caret, replacedLength), candidate), TestContext.Current.CancellationToken);
        Assert.Equal(expected, Render(verdict));
    }

    private static string Render(GateVerdict verdict) => (verdict switch
    {
        GateVerdict.ShownAsIs shown => $"shown: {shown.Text}",
        GateVerdict.CutTo { Closers: "" } cut => $"cut {cut.Length}: {cut.Text} ({cut.Because})",
        GateVerdict.CutTo cut => $"cut {cut.Length} with '{cut.Closers}': {cut.Text} ({cut.Because})",
        GateVerdict.NeedsUsing needs => $"shown: {needs.Text} with {string.Join(" and ", needs.Namespaces)}",
        GateVerdict.Rejected rejected => $"rejected {rejected.Kind}: {rejected.Because}",
        _ => throw new InvalidOperationException(),
    }).Replace("\n", "\\n", StringComparison.Ordinal);
}
