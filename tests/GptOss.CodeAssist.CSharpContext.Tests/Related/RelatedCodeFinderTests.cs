using GptOss.CodeAssist.CSharpContext.Caret;
using GptOss.CodeAssist.CSharpContext.Related;

namespace GptOss.CodeAssist.CSharpContext.Tests.Related;

public class RelatedCodeFinderTests
{
    private const string Library = """
        // file: Order.cs
        namespace Shop;
        public class Order : Entity { public int Total { get; set; } public void Pay(decimal amount, string? note = null) { } private int _hidden; }
        public abstract class Entity { public int Id; protected abstract void Validate(); }
        // file: Extensions.cs
        namespace Shop;
        public static class OrderExtensions { public static bool IsOverdue(this Order order) => false; public static int Unrelated(this string s) => 0; }
        // file: Handlers.cs
        namespace Shop;
        public interface IHandler { void Handle(Order order); }
        public class CancelHandler : IHandler { public void Handle(Order order) { if (order.IsOverdue()) { Ledger.Write(order.Id); } } }
        public static class Ledger { public static void Write(int id) { } }
        // file: Loop.cs
        namespace Shop;
        public class Node<T> where T : Node<T> { public T? Next; }
        // file: Clock.cs
        namespace Shop.Timing;
        public static class Clock { public static int Ticks; }
        public static class Waiting { public static void WaitFor(this Clockwork work) { } }
        public class Clockwork;
        """;

    private const string ProjectFile = """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task The_types_of_parameters_are_outlined_without_what_cannot_be_used() => Check(
        "namespace Shop; class C { void M(Order order) { $0 } }",
        "class Order : Entity { Order.Total; void Pay(decimal amount, string? note = null); }",
        item => item.Symbol == "Shop.Order",
        item => item.Full.Replace("int Total", "Order.Total", StringComparison.Ordinal));

    [Fact]
    public Task Applicable_extension_methods_are_named_and_others_are_not() => Check(
        "namespace Shop; class C { void M(Order order) { order.$0 } }",
        "extensions of Order { IsOverdue }",
        item => item.Kind == RelatedKind.Extensions,
        item => item.Brief);

    [Fact]
    public Task Extension_methods_of_the_type_itself_are_named() => Check(
        "namespace Shop; class Rush : Order { void M() { $0 } }",
        "extensions of Order { IsOverdue }",
        item => item.Kind == RelatedKind.Extensions,
        item => item.Brief);

    [Theory]
    [InlineData("int n = 0;", true)]
    [InlineData("int n = Clock.Ticks;", false)]
    [InlineData("void N(dynamic d) => d.WaitFor();", false)]
    public async Task What_a_directive_imports_that_nothing_needs_yet_is_told(string member, bool isTold)
    {
        var related = await FindAsync($"namespace Shop; using Shop.Timing; class C {{ {member} void M(int first) {{ $0 }} }}");
        Assert.Equal(isTold, related.Items.Any(item => item.Reason == "Timing is imported and not used yet"));
    }

    [Fact]
    public Task A_sibling_that_implements_the_same_interface_is_an_example() => Check(
        "namespace Shop; class PayHandler : IHandler { public void Handle(Order order) { $0 } }",
        "// CancelHandler.Handle\npublic void Handle(Order order) { if (order.IsOverdue()) { Ledger.Write(order.Id); } }",
        item => item.Kind == RelatedKind.WorkedExample,
        item => item.Full);

    [Fact]
    public Task What_similar_code_does_next_is_found() => Check(
        "namespace Shop; class D { void Other(Order order) { if (order.IsOverdue()) {\n$0\n} } }",
        "Handlers.cs:3",
        item => item.Kind == RelatedKind.SimilarCode,
        item => item.Symbol);

    [Fact]
    public Task A_constraint_that_mentions_its_own_type_ends() => Check(
        "namespace Shop; class E : Node<E> { void M(Node<E> node) { node.$0 } }",
        "class Node<T> { Next }",
        item => item.Symbol == "Shop.Node<T>",
        item => item.Brief);

    [Fact]
    public async Task In_a_comment_nothing_is_looked_for()
    {
        var related = await FindAsync("namespace Shop; class C { void M(Order order) { // pay $0 the order\n } }");
        Assert.Empty(related.Items);
    }

    [Theory]
    [InlineData("namespace Alone; class C { int M(string text) { $0 } }", true)]
    [InlineData("namespace Alone; class C { int M(string text) { return Shop.Order$0 } }", false)]
    [InlineData("using Shop; namespace Alone; class C { int M(string text) { $0 } }", false)]
    [InlineData("namespace Shop.Alone; class C { int M(string text) { $0 } }", false)]
    public async Task Where_nothing_of_other_files_is_in_reach_nothing_is_looked_for(string source, bool isSkipped)
    {
        var related = await FindAsync(source);
        Assert.Equal(isSkipped ? "Nothing that other files declare is in reach of this one." : null, related.SkippedBecause);
        Assert.Equal(isSkipped, related.Items.IsEmpty);
    }

    [Fact]
    public async Task A_smaller_budget_is_kept_and_tells_what_it_left_out()
    {
        var related = await FindAsync("namespace Shop; class C { void M(Order order) { $0 } }");
        for (var budget = 1; budget < 200; budget += 7)
        {
            var fitted = related.Fit(budget, text => text.Length / 4);
            Assert.True(fitted.Tokens <= budget);
            Assert.Equal(related.Items.Length, fitted.Items.Length + fitted.LeftOut.Length);
        }
    }

    [Fact]
    public async Task The_next_keystrokes_context_begins_with_the_one_before()
    {
        using var folder = FolderUnderTest.Create(Library + "\n// file: C.cs\nnamespace Shop; class C { void M(Order order) {  } }");
        await using var workspace = folder.Open();
        await workspace.Indexed;
        var document = (await workspace.PrepareDocumentAsync(folder.File("C.cs"), Token))!;
        var caret = document.Text.ToString().IndexOf("{  }", StringComparison.Ordinal) + 2;
        var finder = new RelatedCodeFinder(workspace);
        FittedContext? before = null;
        foreach (var typed in new[] { "", "L", "Le", "Led", "Ledger", "Ledger.", "Ledger.W" })
        {
            var text = document.Text.WithChanges(new Microsoft.CodeAnalysis.Text.TextChange(new(caret, 0), typed));
            var fitted = (await finder.FindAsync(workspace.FindDocument(document.Path, text)!, caret + typed.Length, ContextDeadline.Patient, Token)).Fit(10_000, counted => counted.Length / 4, before);
            Assert.StartsWith(before?.Text ?? string.Empty, fitted.Text, StringComparison.Ordinal);
            before = fitted;
        }

        Assert.Contains("static class Ledger", before!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_local_is_follows_its_declaration_though_only_another_line_has_changed()
    {
        const string Before = "namespace Shop; class C { void M() { var thing = new Order(); thing.ToString();  } }";
        using var folder = FolderUnderTest.Create($"// file: P.csproj\n{ProjectFile}\n" + Library + "\n// file: C.cs\n" + Before);
        await using var workspace = folder.Open();
        await workspace.Indexed;
        var document = (await workspace.PrepareDocumentAsync(folder.File("C.cs"), Token))!;
        var finder = new RelatedCodeFinder(workspace);
        Assert.Equal("type of thing", await ReasonForAsync(Before, "Shop.Order"));
        var changed = Before.Replace("Order()", "CancelHandler()", StringComparison.Ordinal);
        Assert.Equal("type of thing", await ReasonForAsync(changed, "Shop.CancelHandler"));
        Assert.NotEqual("type of thing", await ReasonForAsync(changed, "Shop.Order"));

        async Task<string?> ReasonForAsync(string source, string symbol)
        {
            var caret = source.IndexOf("  }", StringComparison.Ordinal) + 1;
            var related = await finder.FindAsync(workspace.FindDocument(document.Path, Microsoft.CodeAnalysis.Text.SourceText.From(source))!, caret, ContextDeadline.Patient, Token);
            return related.Items.FirstOrDefault(item => item.Kind == RelatedKind.TypeOutline && item.Symbol == symbol)?.Reason;
        }
    }

    [Fact]
    public async Task A_type_named_like_the_place_is_told_once_though_it_is_declared_in_two_files()
    {
        var related = await FindAsync("namespace Shop; class WidgetMaker { void Make() { $0 } }\n// file: W1.cs\nnamespace Shop; public partial class Widget { public int Size; }\n// file: W2.cs\nnamespace Shop; public partial class Widget { public int Weight; }");
        Assert.Equal("class Widget { Size, Weight }", Assert.Single(related.Items, item => item.Symbol == "Shop.Widget").Brief);
    }

    [Fact]
    public async Task An_enumeration_tells_all_its_values()
    {
        var values = Enumerable.Range(0, 150).Select(number => $"Value{number}");
        var related = await FindAsync($"namespace Shop; class C {{ void M(Colour colour) {{ $0 }} }}\n// file: Colour.cs\nnamespace Shop; public enum Colour {{ {string.Join(", ", values)} }}");
        Assert.Equal(150, Assert.Single(related.Items, item => item.Symbol == "Shop.Colour").Names.Length);
    }

    [Fact]
    public async Task What_is_listed_ahead_is_what_is_listed_when_it_is_asked_for()
    {
        const string Source = "namespace Shop; class C { void M(Order order) {  } }";
        using var folder = FolderUnderTest.Create($"// file: P.csproj\n{ProjectFile}\n" + Library + "\n// file: C.cs\n" + Source);
        await using var workspace = folder.Open();
        await workspace.Indexed;
        var caret = Source.IndexOf("{  }", StringComparison.Ordinal) + 2;
        var document = (await workspace.PrepareDocumentAsync(folder.File("C.cs"), Token))!;
        var cold = CaretOptions.FindNames(CSharpDocument.Parse(document.Path, document.Text, document.Project, Token), new(caret, 0), "order.", Token);
        var finder = new RelatedCodeFinder(workspace);
        await finder.WarmUpAsync(document, caret, Token);
        await finder.Settled;
        Assert.Equal(cold!.Names, CaretOptions.FindNames(document, new(caret, 0), "order.", Token)!.Names);
    }

    private static async Task Check(string source, string expected, Func<RelatedItem, bool> which, Func<RelatedItem, string> show)
    {
        var related = await FindAsync(source);
        Assert.Equal(expected, related.Items.Where(which).Select(show).FirstOrDefault());
    }

    private static async Task<RelatedCode> FindAsync(string source)
    {
        var caret = source.IndexOf("$0", StringComparison.Ordinal);
        using var folder = FolderUnderTest.Create($"// file: P.csproj\n{ProjectFile}\n" + Library + "\n// file: Current.cs\n" + source.Remove(caret, 2));
        await using var workspace = folder.Open();
        await workspace.Indexed;
        var document = (await workspace.PrepareDocumentAsync(folder.File("Current.cs"), Token))!;
        return await new RelatedCodeFinder(workspace).FindAsync(document, caret, ContextDeadline.Patient, Token);
    }
}
