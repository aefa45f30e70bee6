using GptOss.CodeAssist.CSharpContext.Gate;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.CSharpContext.Tests.Gate;

/// <summary>What can be said of declarations without compiling the file anew; what cannot is left to the compiler.</summary>
public sealed class DeclarationCheckTests
{
    private const string Others = """
        namespace Shop
        {
            using System;
            public class Order { public int Total; }
            public sealed class Sealed { }
            public static class Tools { }
            public class NeedsName { public NeedsName(string name) { } }
            public abstract class Demanding { public abstract void Do(); }
            public interface IStore { void Store(); }
            public interface IMark { }
            public abstract class Shape { protected int size; public virtual string Draw(Order order, ref int times) => ""; protected abstract int Area { get; } public virtual int Sides { get; set; } public string Name() => ""; protected internal virtual void Both() { } }
            public interface IShelf<T> { T Take(int index); string Label { get; } }
            internal class Hidden { }
            [AttributeUsage(AttributeTargets.Method)] public sealed class OnMethodAttribute : Attribute { public OnMethodAttribute(int size) { } public string Name { get; set; } = ""; }
            [AttributeUsage(AttributeTargets.All, AllowMultiple = true)] public sealed class ManyAttribute : Attribute { }
        }
        """;

    [Theory]
    [InlineData("using Shop; public class C { $0 }", "private const string Name = \"a\";")]
    [InlineData("using Shop; public class C { $0 }", "public static readonly int Size = 3, Other;")]
    [InlineData("using Shop; public class C { $0 }", "byte small = 200;")]
    [InlineData("using Shop; public class C { $0 }", "public static readonly Guid Id = new Guid(\"a\"), Other = Guid.Empty;")]
    [InlineData("using Shop; public class C { $0 }", "private object _lock = string.Format(\"{0}\", Math.Abs(3));")]
    [InlineData("using Shop; public class C { public List<Order>$0 }", " Orders { get; init; }")]
    [InlineData("using Shop; public class C { $0 }", "public void Take<T>(Dictionary<string, T> all, Order[] orders);")]
    [InlineData("using Shop; public class C { $0 void M() { } }", "[OnMethod(3, Name = \"a\")]")]
    [InlineData("using Shop; public class C { $0 public int X; }", "[Many, Many]")]
    [InlineData("using Shop; public class C { $0 public int X; }", "[Obsolete(\"old\")]")]
    [InlineData("using Shop; public class C { void M($0) { } }", "[Many] Order order")]
    [InlineData("using Shop; public class$0 { void M() { } }", " Special : Exception, IMark")]
    [InlineData("using Shop; namespace N { $0 { } }", "public class Special<T> : List<T>, IStore")]
    [InlineData("using Shop; namespace N { $0 }", "internal sealed class Special : Hidden { }")]
    [InlineData("using Shop; namespace N { public class C { $0 } }", "private struct Inner : IStore { }")]
    [InlineData("using Shop; namespace N { $0 { A } }", "public enum Colour : byte")]
    [InlineData("namespace Shop; class Other { }\npublic class$0 { }", " Special : Order, IMark")]
    [InlineData("namespace Shop; public class$0 { }", " Special : Order, IMark")]
    [InlineData("namespace Shop { public class$0 { } }", " Special : Order, IMark")]
    [InlineData("using Shop; enum E { A, $0 }", "B = 7, C")]
    [InlineData("namespace$0 { class C { } }", " Shop.New")]
    [InlineData("namespace $0\nclass C { }", "Shop.New;")]
    [InlineData("using Shop; public class C : Shape { void M() { } $0 }", "public override string Draw(Order order, ref int times) { times = size; return order.Total.ToString(); }")]
    [InlineData("using Shop; public class C : Shape { void M() { } $0 }", "protected override int Area => size * size;")]
    [InlineData("using Shop; public class C : Shape { void M() { } $0 }", "public override int Sides { get { return size; } set { size = value; } }")]
    [InlineData("using Shop; public class C : Shape { $0 }", "public override string ToString()")]
    [InlineData("using Shop; public class C { public override string$0\n void M() { } }", " ToString();")]
    [InlineData("using Shop; public class C : IShelf<Order> { void M() { } $0 }", "Order IShelf<Order>.Take(int index) => new Order { Total = index };")]
    [InlineData("using Shop; public class C : IShelf<Order> { void M() { } $0 }", "string IShelf<Order>.Label { get { return ToString(); } }")]
    [InlineData("using Shop; public class C { void Take(int a) { } $0 }", "void Take(string a) { Take(a.Length); }")]
    [InlineData("using Shop; public class C { void Take(int a) { } void Take$0 }", "(string a) { Take(a.Length); }")]
    [InlineData("using Shop; public class C { public C(int size) { } public C$0 }", "(string other) { }")]
    [InlineData("using Shop; public class C { int size; void M() { } $0 }", "public int Twice() => 2 * size;")]
    [InlineData("using Shop; public class C : NeedsName { C() : base(\"\") { } $0 }", "public C(string label, int size) : base(label) { }")]
    [InlineData("using Shop; public class C : NeedsName { C() : base(\"\") { } public C(int size)$0 { } }", " : base(\"a\")")]
    [InlineData("using Shop; public class C { public C(string name) { } $0 }", "public C(int size, string name) : this(name) { }")]
    [InlineData("using Shop; public class C { void M() { } $0 }", "protected virtual int Twice(Order order) => order.Total * 2;")]
    [InlineData("using Shop; public abstract class C { $0 }", "public abstract int Twice(Order order);")]
    [InlineData("using Shop; public abstract class C { $0 }", "protected abstract int Twice { get; }")]
    [InlineData("using Shop; public static class C { static int M() { return 1; } $0 }", "public static int Twice(this Order order, int times) { return order.Total * times; }")]
    [InlineData("using Shop; public partial class C : Demanding, $0 { public override void Do() { } }", "IMark")]
    [InlineData("using Shop; public class C { static int size; static void M() { } $0 }", "public static int Twice(int times) { var all = 0; for (var i = 0; i < times; i++) { all += size; } return all; }")]
    [InlineData("using System.Threading.Tasks; public class C { void M() { } $0 }", "private async Task<int> CountAsync(List<int> all) { await Task.Delay(1); return all.Count; }")]
    [InlineData("using System.Threading.Tasks; public class C { void M() { } $0 }", "private int CountAsync<T>(List<T> all) { return all.Count; }")]
    [InlineData("using System.Threading.Tasks; public class C { void M() { } $0 }", "private async Task CountAsync() { await Task.Delay(1); }")]
    [InlineData("using System.Threading.Tasks; public class C { void M() { } $0 }", "private async Task<int> CountAsync<T>(List<T> all) { await Task.Delay(1); return all.Count; }")]
    [InlineData("using Shop; public class C { void M() { } $0 }", "public List<Order> All { get; } = new List<Order>();")]
    public void Declarations_that_name_what_exists_are_clean(string source, string candidate) => Check(source, candidate, isClean: true, wrong: null);

    /// <summary>What looks like an unknown type and is none.</summary>
    [Theory]
    [InlineData("public C(string name, int size)\n: this(name$0 { }", ", size)")]
    [InlineData("public C(string name, int size) : this(name,$0 { }", " size)")]
    [InlineData("public C(string name, int size) :$0 { }", " base()")]
    [InlineData("$0", "public override bool Equals(object? other) => other is C c && Same<C>(c); bool Same<T>(T one) where T : class => one is not null;")]
    [InlineData("$0", "public virtual TItem Find<TItem>(TItem item) where TItem : notnull => item;")]
    [InlineData("$0", "public static unsafe int SizeOf<TValue>() where TValue : unmanaged => sizeof(TValue);")]
    [InlineData("$0", "public delegate TResult Map<TSource, TResult>(TSource source);")]
    [InlineData("$0", "bool IEquatable<C>.Equals(C? other) => other == this;")]
    [InlineData("$0", "int IComparer<C>.Compare<TAny>(TAny one) => 0;")]
    [InlineData("$0", "public abstract class Inner<TInner> : List<TInner> where TInner : struct { public abstract TInner First { get; } }")]
    [InlineData("$0", "public int this[int index] => index + Total; int Total => 3;")]
    [InlineData("$0", "public static C operator +(C left, C right) => left;")]
    [InlineData("$0", "public static implicit operator int(C one) => 1;")]
    [InlineData("$0", "public event EventHandler<EventArgs>? Changed { add { } remove { } }")]
    [InlineData("$0", "private readonly int[] all = new int[Length]; const int Length = 3;")]
    [InlineData("$0", "public void Take(int size = Length, params string[] names) { } const int Length = 3;")]
    [InlineData("public static class Inner { $0 }", "public delegate void Done(int count); public const int Length = 3; public static int Size; static Inner() { }")]
    [InlineData("$0", "public (int Left, string Right) Pair { get; } = (1, nameof(Pair));")]
    [InlineData("$0", "private unsafe fixed byte bytes[Length]; const int Length = 3;")]
    [InlineData("$0", "public record Point(int X, int Y) { public Point(int both) : this(both, both) { } }")]
    [InlineData("$0", "public record Special(int X, int Y) : Plain(X); public record Plain(int X);")]
    [InlineData("$0", "public Shop.Order? Order { get; set; } public global::Shop.Order Other() => new();")]
    public void Nothing_is_called_unknown_that_the_candidate_itself_declares_or_that_is_no_type(string member, string candidate)
    {
        var (document, caret) = SourceUnderTest.Create("using System;\nusing System.Collections.Generic;\npublic class C\n{\npublic C(string name) { }\n" + member + "\n}\n" + Others);
        var changed = document.WithChange(new TextSpan(caret, 0), candidate);

        DeclarationCheck.IsClean(changed, new TextSpan(caret, candidate.Length), out var found, TestContext.Current.CancellationToken);

        Assert.Null(found?.Because);
    }

    [Theory]
    [InlineData("using Shop; public class C { $0 }", "private const string Name = 3;", null)]
    [InlineData("using Shop; public class C { $0 }", "byte small = 300;", null)]
    [InlineData("using Shop; public class C { public C(int size) { } public C$0 { } }", "(int other)", null)]
    [InlineData("using Shop; public class C { $0 }", "private Guid id = new Guid(true, false);", null)]
    [InlineData("using Shop; public class C { $0 }", "private int id = Guid.Empty;", null)]
    [InlineData("using Shop; public class C { int size; int Size() => 1; $0 }", "private int id = Size();", null)]
    [InlineData("using Shop; public class C { int size; $0 }", "private int id = size;", null)]
    [InlineData("using Shop; public class C { $0 }", "private string id = string.Format(Missing);", null)]
    [InlineData("using Shop; public class C { $0 }", "public Odrer Order { get; }", "Odrer")]
    [InlineData("using Shop; public class C { $0 }", "public override List<Odrer> All() => null;", "Odrer")]
    [InlineData("using Shop; public class C { $0 }", "public Tools Tools;", null)]
    [InlineData("using Shop; public class C { $0 }", "public Hidden Shown { get; }", null)]
    [InlineData("using Shop; public class C { int taken; $0 }", "public int taken { get; }", "taken")]
    [InlineData("using Shop; public class C { $0 public int X; }", "[OnMethod(3)]", null)]
    [InlineData("using Shop; public class C { $0 void M() { } }", "[OnMethod(\"a\")]", null)]
    [InlineData("using Shop; public class C { $0 void M() { } }", "[OnMethod(3, Label = \"a\")]", null)]
    [InlineData("using Shop; public class C { static int size; $0 void M() { } }", "[OnMethod(size)]", null)]
    [InlineData("using Shop; public class C { [OnMethod(1)] $0 void M() { } }", "[OnMethod(2)]", null)]
    [InlineData("using Shop; public class C { $0 void M() { } }", "[OnMehtod(2)]", "OnMehtod")]
    [InlineData("using Shop; namespace N { public class$0 { } }", " Special : Sealed", null)]
    [InlineData("using Shop; namespace N { public class$0 { } }", " Special : IMark, Order", null)]
    [InlineData("using Shop; namespace N { public class$0 { } }", " Special : NeedsName", null)]
    [InlineData("using Shop; namespace N { public class$0 { } }", " Special : Hidden", null)]
    [InlineData("using Shop; namespace N { public class$0 { int x; } }", " Special : Demanding", null)]
    [InlineData("using Shop; namespace N { public class$0 { int x; } }", " Special : IStore", null)]
    [InlineData("using Shop; namespace N { public class Special$0 { int x; } }", " : IMark, IStore", "IStore")]
    [InlineData("using Shop; namespace N { public class Special$0 { int x; public void Store(int a) { } } }", " : IMark, IStore", null)]
    [InlineData("using Shop; namespace N { class Taken { } public class$0 { } }", " Taken", null)]
    [InlineData("using Shop; namespace N { public class$0 { } }", " Special : Odrer", "Odrer")]
    [InlineData("using Shop; namespace N { public enum$0 { A } }", " Colour : Order", null)]
    [InlineData("using Shop; enum E { A, $0 }", "A = 7", null)]
    [InlineData("using Shop; enum E : byte { A, $0 }", "B = 700", null)]
    [InlineData("using Shop; public class C { $0 }", "public int Twice() => 2 * Missing;", null)]
    [InlineData("using Shop; public class C { void M() { } $0 }", "public int Twice() => 2 * Missing;", null)]
    [InlineData("using Shop; public class C { void M() { } $0 }", "public string Twice() { return 2; }", null)]
    [InlineData("using Shop; public class C { void M() { } $0 }", "public string Twice() { return; }", null)]
    [InlineData("using Shop; public class C { void M() { } $0 }", "public void Twice() { return 2; }", null)]
    [InlineData("using Shop; public class C { void M(int other) { var inner = 1; void Local() { } } $0 }", "public int Twice() => other;", null)]
    [InlineData("using Shop; public class C { void M(int other) { var inner = 1; void Local() { } } $0 }", "public int Twice() { return inner; }", null)]
    [InlineData("using Shop; public class C { void M(int other) { var inner = 1; void Local() { } } $0 }", "public void Twice() { Local(); }", null)]
    [InlineData("using Shop; public class C { int size; static void M() { } void N() { } $0 }", "public static int Twice() => size;", null)]
    [InlineData("using Shop; public class C { void M() { } $0 }", "public void Twice() { var a = 1; { var a = 2; } }", null)]
    [InlineData("using System.Threading.Tasks; public class C { void M() { } $0 }", "public async Task Twice() { foreach (var one in Task.Delay(1)) { } }", null)]
    [InlineData("using Shop; using System.Threading.Tasks; public class C { void M() { } $0 }", "public async Order Twice() { await Task.Delay(1); return null; }", null)]
    [InlineData("using Shop; public class C { void M() { } $0 }", "public void Twice() { throw; }", null)]
    [InlineData("using Shop; public class C : Shape { $0 }", "public override string Draw(Order order, int times)", null)]
    [InlineData("using Shop; public class C : Shape { $0 }", "public override int Draw(Order order, ref int times)", null)]
    [InlineData("using Shop; public class C : Shape { $0 }", "protected override string Draw(Order order, ref int times)", null)]
    [InlineData("using Shop; public class C : Shape { $0 }", "public override string Name()", null)]
    [InlineData("using Shop; public class C : Shape { $0 }", "protected override int Area { get; set; }", null)]
    [InlineData("using Shop; public class C : Shape { $0 }", "public override string Paint() => null;", "Paint")]
    [InlineData("using Shop; public class C { public override string ToString() => null; $0 }", "public override string ToString() => null;", null)]
    [InlineData("using Shop; public class C : IShelf<Order> { void M() { } $0 }", "int IShelf<Order>.Take(int index) => 1;", null)]
    [InlineData("using Shop; public class C : IShelf<Order> { void M() { } $0 }", "Order IShelf<Order>.Take(string index) => null;", null)]
    [InlineData("using Shop; public class C { void M() { } $0 }", "Order IShelf<Order>.Take(int index) => null;", null)]
    [InlineData("using Shop; public class C { void Take(int a) { } $0 }", "string Take(int b) => null;", null)]
    [InlineData("using Shop; public class C { int Take; $0 }", "void Take(int b)", null)]
    [InlineData("using Shop; public class C { void Take(int a) { } void Take$0 }", "(int b) { }", null)]
    [InlineData("using Shop; public class C : NeedsName { C() : base(\"\") { } $0 }", "public C(int size) { }", null)]
    [InlineData("using Shop; public class C : NeedsName { C() : base(\"\") { } $0 }", "public C(string label, int size) : base(size) { }", null)]
    [InlineData("using Shop; public class C : NeedsName { C() : base(\"\") { } $0 }", "public C(string label, int size) : base(label, size) { }", null)]
    [InlineData("using Shop; public class C { $0 }", "public C(string name) : this(name) { }", null)]
    [InlineData("using Shop; public class C { $0 }", "protected abstract int Twice { get; }", null)]
    [InlineData("using Shop; public sealed class C { void M() { } $0 }", "public virtual int Twice() => 2;", null)]
    [InlineData("using Shop; public class C { void M() { } $0 }", "virtual int Twice() => 2;", null)]
    [InlineData("using Shop; public class C { void M() { } $0 }", "public static virtual int Twice() => 2;", null)]
    [InlineData("using Shop; public abstract class C { void M() { } $0 }", "protected abstract int Twice { get { return 1; } }", null)]
    [InlineData("using Shop; public class C { $0 }", "void Take(int a, string b, int a) { }", "a")]
    [InlineData("using Shop; namespace N { public class Special$0 { } }", "(int a, int a)", "a")]
    [InlineData("using Shop; public class C { $0 }", "private string Name { }", "private string Name { }")]
    [InlineData("using Shop; public class C { $0 public int X; }", "[System.ComponentModel.TypeConverter(typeof(Odrer<int>))]", "Odrer")]
    [InlineData("using Shop; public static class C { $0 }", "int size;", "int size;")]
    [InlineData("using Shop; public interface C { $0 }", "int size;", "int size;")]
    public void Others_are_not_and_what_is_wrong_for_certain_is_told(string source, string candidate, string? wrong) => Check(source, candidate, isClean: false, wrong);

    private static void Check(string source, string candidate, bool isClean, string? wrong)
    {
        var (document, caret) = SourceUnderTest.Create(source, Others);
        var changed = document.WithChange(new TextSpan(caret, 0), candidate);
        var span = new TextSpan(caret, candidate.Length);

        Assert.Equal(isClean, DeclarationCheck.IsClean(changed, span, out var found, TestContext.Current.CancellationToken));

        Assert.Equal(wrong, found?.Name);
        // The compiler knows best.
        Assert.Equal(isClean, ForkedErrors.FindFirst(changed, span, TestContext.Current.CancellationToken) is null);
    }
}
