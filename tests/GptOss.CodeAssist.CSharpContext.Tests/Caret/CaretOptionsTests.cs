using GptOss.CodeAssist.CSharpContext.Caret;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Tests.Caret;

public class CaretOptionsTests
{
    private const string Shop = """
        namespace Shop
        {
            public class Order { public int Total; public void Pay() { } public static Order Parse(string s) => new(); private int _hidden; }
            public static class OrderExtensions { public static bool IsPaid(this Order order) => true; }
            public interface IHandler { void Handle(Order order); int Rank { get; } }
            public abstract class Entity { protected abstract void Validate(); public abstract int Id { get; } }
        }
        """;

    [Fact]
    public void After_a_dot_only_what_the_receiver_has_may_follow() =>
        CheckNames("using Shop; class C { void M(Shop.Order order) { order.$0 } }", "", "Shop.Order: Equals GetHashCode GetType IsPaid Pay ToString Total");

    private const string Extensions = """
        namespace Marks
        {
            public interface IMarked { }
            public class Plain { } public class Marked : IMarked { } public enum Mark { Small }
            public static class Marking
            {
                public static void OnAny<T>(this T one) { }
                public static void OnMarked<T>(this T one) where T : IMarked { }
                public static void OnValue<T>(this T one) where T : struct { }
                public static void OnEnum<T>(this T one) where T : struct, System.Enum { }
                public static void OnContract(this IMarked one) { }
                public static void OnNumbers(this System.Collections.Generic.IEnumerable<int> many) { }
                public static void OnMany<T>(this System.Collections.Generic.IEnumerable<T> many) { }
                public static void OnArray<T>(this T[] many) { }
                public static void OnSpan<T>(this System.ReadOnlySpan<T> many) { }
                private static void OnHidden(this object one) { }
                extension(IMarked one) { public int OnProperty => 1; public void OnBlock() { } public static int OnStatic => 1; }
            }
        }
        """;

    [Theory]
    [InlineData("Plain", "OnAny")]
    [InlineData("Marked", "OnAny OnBlock OnContract OnMarked OnProperty")]
    [InlineData("Mark", "OnAny OnEnum OnValue")]
    [InlineData("Mark?", "OnAny")]
    [InlineData("int[]", "OnAny OnArray OnMany OnNumbers OnSpan")]
    [InlineData("System.Collections.Generic.List<string>", "OnAny OnMany")]
    [InlineData("T", "OnAny OnBlock OnContract OnMarked OnProperty")]
    public void Of_the_extensions_in_scope_those_are_listed_that_may_be_called_on_the_receiver(string receiver, string expected)
    {
        var (document, caret) = SourceUnderTest.Create($"namespace Marks.Users {{ class C {{ void M<T>({receiver} one) where T : class, IMarked {{ one.$0 }} }} }}", Extensions);
        var names = CaretOptions.FindNames(document, new TextSpan(caret, 0), "", TestContext.Current.CancellationToken)!.Names;
        Assert.Equal(expected, string.Join(' ', names.Where(name => name.StartsWith("On", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("using static Marks.Marking;", "OnAny OnBlock OnContract OnMarked OnProperty")]
    [InlineData("using Marks;", "OnAny OnBlock OnContract OnMarked OnProperty")]
    [InlineData("", "")]
    public void Extensions_are_listed_where_their_namespace_or_their_class_is_imported(string directive, string expected)
    {
        var (document, caret) = SourceUnderTest.Create(directive + " class C { void M(Marks.Marked one) { one.$0 } }", Extensions);
        var names = CaretOptions.FindNames(document, new TextSpan(caret, 0), "", TestContext.Current.CancellationToken)!.Names;
        Assert.Equal(expected, string.Join(' ', names.Where(name => name.StartsWith("On", StringComparison.Ordinal))));
    }

    [Fact]
    public void What_is_typed_of_a_name_narrows_it() => CheckNames("class C { void M(Shop.Order order) { order.P$0 } }", "", "Shop.Order: Pay");

    [Fact]
    public void What_a_model_has_written_counts_as_typed() =>
        CheckNames("class C { void M(Shop.Order order) { $0 } }", "var copy = order;\ncopy.To", "Shop.Order: ToString Total");

    [Fact]
    public void A_type_has_its_static_members() => CheckNames("class C { void M() { var o = Shop.Order.$0 } }", "P", "Shop.Order: Parse");

    [Fact]
    public void A_base_has_its_protected_members_too() =>
        CheckNames("class B { protected void Inner() { } private void Hidden() { } } class C : B { new void Inner() { base.$0 } }", "In", "Shop.B: Inner");

    [Fact]
    public void A_namespace_has_its_types() => CheckNames("class C { void M() { Shop.$0 } }", "", "Shop: Entity IHandler Order OrderExtensions");

    [Fact]
    public void A_nullable_value_reached_through_a_question_mark_has_its_own_members() =>
        CheckNames("class C { void M(System.DateTime? when) { var d = when?.$0 } }", "DayOf", "System.DateTime: DayOfWeek DayOfYear");

    [Theory]
    [InlineData("class C { void M(dynamic d) { d.$0 } }", "")]
    [InlineData("class C { void M() { missing.$0 } }", "")]
    [InlineData("class C { void M(Shop.Order order) { var x = order$0 } }", "")]
    [InlineData("class C { void M(int[] a) { var x = a[1..$0 } }", "")]
    public void Where_anything_may_follow_there_is_no_list(string source, string generated)
    {
        var (document, caret) = SourceUnderTest.Create(source, Shop);
        Assert.Null(CaretOptions.FindNames(document, new TextSpan(caret, 0), generated, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void After_new_only_types_that_can_be_created_may_follow()
    {
        var (document, caret) = SourceUnderTest.Create("using Shop; class C { void M() { var o = new $0 } }", Shop);
        var names = CaretOptions.FindNames(document, new TextSpan(caret, 0), "", TestContext.Current.CancellationToken)!.Names;
        Assert.Contains("Order", names);
        Assert.Contains("Random", names);
        Assert.DoesNotContain("OrderExtensions", names);
        Assert.DoesNotContain("Entity", names);
    }

    [Theory]
    [InlineData("class C { void M() { var o = global::$0 } }", "", "Shop System", "Order")]
    [InlineData("using Shop; class C { void M() { var o = new Order { $0 } } }", "", "Total", "Pay Parse _hidden")]
    [InlineData("using Shop; class C { void M() { $0 } }", "Order o = new()\n{\n    ", "Total", "Pay")]
    [InlineData("class C { void M(System.UriBuilder u) { var o = new System.UriBuilder { Host = \"h\", $0 } } }", "", "Port Path", "Host Uri2")]
    [InlineData("using System; class C { void M(DayOfWeek d) { switch (d) { case $0 } } }", "", "DayOfWeek System not", "Monday Random")]
    [InlineData("using System; class C { void M(DayOfWeek d) { switch (d) { case DayOfWeek.Monday: break; case DayOfWeek.$0 } } }", "", "Tuesday", "Monday")]
    [InlineData("using System; class C { int M(DayOfWeek d) { return d switch { DayOfWeek.Friday => 1, $0 }; } }", "", "DayOfWeek _", "Random")]
    [InlineData("using System; class C { int M(DayOfWeek d) { return d switch { DayOfWeek.Friday => 1, $0 }; } }", "DayOfWeek.", "Monday", "Friday")]
    [InlineData("class C : Shop.Entity { protected override $0 }", "", "void int string async", "Validate Random")]
    [InlineData("class C : Shop.Entity { protected override void $0 }", "", "Validate", "ToString Id")]
    [InlineData("class C : Shop.Entity { public override int $0 }", "", "Id GetHashCode", "ToString Validate")]
    [InlineData("using System; class C { [$0] void M() { } }", "", "Obsolete ObsoleteAttribute System return", "Random String")]
    [InlineData("class C { void M() { string.Join(separator: \",\", $0) } }", "", "value values", "separator")]
    [InlineData("using Alias = Shop.Order; class B { protected class Inner { } } class C : B { class Own { } static class None { } void M() { var o = new $0 } }", "", "Alias Inner Own Shop System C", "None Order M")]
    public void Names_are_listed_where_a_compiler_can_list_them(string source, string generated, string listed, string unlisted)
    {
        var (document, caret) = SourceUnderTest.Create(source, Shop);
        var names = CaretOptions.FindNames(document, new TextSpan(caret, 0), generated, TestContext.Current.CancellationToken)!.Names;
        Assert.All(listed.Split(' '), name => Assert.Contains(name, names));
        Assert.All(unlisted.Split(' '), name => Assert.DoesNotContain(name, names));
    }

    [Theory]
    [InlineData("using System.Collections.Generic; class C { void M(int first) { var o = new List<int> { $0 } } }", "")]
    [InlineData("class C { void M(int first) { string.Join(\",\", $0) } }", "")]
    [InlineData("class C { void M(int first) { switch (first) { case $0 } } }", "")]
    [InlineData("class C : Missing { public override $0 }", "")]
    [InlineData("class C { void M(int[] all, int first) { var x = all[$0] } }", "")]
    [InlineData("class C { void M(int first) { int[] x = [$0] } }", "")]
    public void Where_expressions_may_stand_there_is_no_list(string source, string generated)
    {
        var (document, caret) = SourceUnderTest.Create(source, Shop);
        Assert.Null(CaretOptions.FindNames(document, new TextSpan(caret, 0), generated, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("class C { void M() { int x = $0; } }", "int")]
    [InlineData("class C { string M() { return $0; } }", "string")]
    [InlineData("class C { void M(Shop.IHandler h) { h.Handle($0); } }", "Order")]
    public void A_hole_expects_the_type_around_it(string source, string expected)
    {
        var (document, caret) = SourceUnderTest.Create(source, Shop);
        Assert.Equal(expected, CaretOptions.Find(document, caret, TestContext.Current.CancellationToken).ExpectedType?.Split('.')[^1]);
    }

    [Fact]
    public void Members_still_owed_are_listed()
    {
        var (document, caret) = SourceUnderTest.Create("class C : Shop.Entity, Shop.IHandler { public int Rank => 1; $0 }", Shop);
        var facts = CaretOptions.Find(document, caret, TestContext.Current.CancellationToken);
        Assert.Equal("void Handle(Order order)|void Validate()|int Id", string.Join('|', facts.MissingMembers.Select(member => member.Replace("Shop.", "", StringComparison.Ordinal))));
    }

    [Fact]
    public void Locals_come_before_members_and_those_declared_later_do_not_come()
    {
        var (document, caret) = SourceUnderTest.Create("class C { int field; void M(int parameter) { var early = 1; $0 var late = 2; } }", Shop);
        var scope = CaretOptions.Find(document, caret, TestContext.Current.CancellationToken).InScope;
        Assert.Equal(["early", "parameter", "field"], scope.Take(3));
        Assert.DoesNotContain("late", scope);
    }

    [Theory]
    [InlineData("foreach (var item in list) { if (item is string text) { $0 } }", "text,item,list,source")]
    [InlineData("int.TryParse(source, out var number); try { } catch (System.Exception e) { { var inner = 1; } $0 }", "e,number,list,source")]
    [InlineData("if (!int.TryParse(source, out var number)) { return; } while (source is { Length: var length }) { } $0", "number,list,source")]
    [InlineData("list.ForEach(x => { $0 });", "x,list,source")]
    [InlineData("void Local(int depth) { $0 }", "depth,list,source")]
    public void What_blocks_patterns_and_lambdas_declare_is_in_scope_and_what_ended_is_not(string body, string expected)
    {
        var (document, caret) = SourceUnderTest.Create($"class C {{ int field; void M(List<string> list, string source) {{ {body} }} }}", Shop);
        var scope = CaretOptions.Find(document, caret, TestContext.Current.CancellationToken).InScope;
        var names = expected.Split(',');
        Assert.Equal(names.Append("field").Order(), scope.TakeWhile(name => name != "field").Append("field").Order());
    }

    [Fact]
    public void What_is_listed_ahead_is_what_is_listed_when_it_is_asked_for()
    {
        var (document, caret) = SourceUnderTest.Create("class C { class Own { } void M() { var o = new $0 } }", Shop);
        CaretOptions.WarmUp(document, caret, [], () => false);
        Assert.Contains("Own", CaretOptions.FindNames(document, new TextSpan(caret, 0), "", TestContext.Current.CancellationToken)!.Names);
        Assert.Contains("Own", CaretOptions.Find(document, caret, TestContext.Current.CancellationToken).InScope);
    }

    [Theory]
    [InlineData("One", "", "TOne")]
    [InlineData("Two", "TOne", "")]
    public void What_can_be_created_has_the_methods_own_type_parameters_and_no_others(string method, string others, string own)
    {
        const string Source = "class C { void One<TOne>() where TOne : new() { var o = new ; } void Two() { var o = new ; } }";
        var (document, _) = SourceUnderTest.Create("$0" + Source, Shop);
        foreach (var asked in new[] { "One", "Two", method })
        {
            var caret = Source.IndexOf("new ;", Source.IndexOf($"void {asked}", StringComparison.Ordinal), StringComparison.Ordinal) + 4;
            var names = CaretOptions.FindNames(document, new TextSpan(caret, 0), "", TestContext.Current.CancellationToken)!.Names;
            Assert.Contains("C", names);
            if (asked == method)
            {
                Assert.Equal(own.Length > 0, names.Contains("TOne"));
                Assert.DoesNotContain(others, names);
            }
        }
    }

    private static void CheckNames(string source, string generated, string expected)
    {
        var (document, caret) = SourceUnderTest.Create(source, Shop);
        var options = CaretOptions.FindNames(document, new TextSpan(caret, 0), generated, TestContext.Current.CancellationToken)!;
        Assert.Equal(expected, $"{(options.Of.Contains('.', StringComparison.Ordinal) || options.Of == "Shop" ? options.Of : options.Of == "DateTime" ? "System.DateTime" : "Shop." + options.Of)}: {string.Join(' ', options.Names)}");
    }
}
