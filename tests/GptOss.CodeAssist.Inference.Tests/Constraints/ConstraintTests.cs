using System.Text;
using CsCheck;
using GptOss.CodeAssist.Inference.Constraints;

namespace GptOss.CodeAssist.Inference.Tests.Constraints;

public sealed class ConstraintTests
{
    [Theory]
    [InlineData("Length", "complete")]
    [InlineData("Length)", "free")]
    [InlineData("Length.Foo9", "free")]
    [InlineData("Le", "open")]
    [InlineData("LengthX", "rejected")]
    [InlineData("length", "rejected")]
    [InlineData("Lengths", "complete")]
    [InlineData("Größe", "complete")]
    [InlineData("Größen", "rejected")]
    [InlineData("", "open")]
    public void A_name_set_allows_its_names_as_whole_words(string text, string expected) =>
        Assert.Equal(expected, Walk(new NameSetConstraint(["Length", "Lengths", "Größe"]), text));

    [Fact]
    public void An_incomplete_name_set_lets_names_go_on() =>
        Assert.Equal("free", Walk(new NameSetConstraint(["Length"], mayContinueNames: true), "LengthX"));

    [Theory]
    [InlineData("ngth", "complete")]
    [InlineData("ngths;", "free")]
    [InlineData("fts", "rejected")]
    public void A_name_may_have_begun_before_the_answer(string text, string expected) =>
        Assert.Equal(expected, Walk(new NameSetConstraint(["Length", "Lengths", "Left"], typed: "Le"), text));

    [Fact]
    public void A_name_that_is_typed_already_may_only_end() =>
        Assert.Equal(("complete", "free", "rejected"), (Walk(Typed(), ""), Walk(Typed(), "("), Walk(Typed(), "X")));

    private static NameSetConstraint Typed() => new(["Length"], typed: "Length");

    [Theory]
    [InlineData("Wri", "open")]
    [InlineData("Write", "open")]
    [InlineData("Write.", "open")]
    [InlineData("Write.Line", "complete")]
    [InlineData("Write.Line;", "free")]
    [InlineData("Wro", "rejected")]
    public void A_prefix_hands_over_to_the_constraint_that_follows(string text, string expected) =>
        Assert.Equal(expected, Walk(new BytePrefixConstraint("Write."u8, new NameSetConstraint(["Line"])), text));

    [Fact]
    public void A_name_set_accepts_exactly_what_begins_with_a_whole_name() =>
        Gen.Select(Gen.String["abc_é"].Where(name => name.Length > 0).Array[1, 4], Gen.String["abc_é ("]).Sample((names, text) =>
        {
            var allowed = names.Any(name => text.StartsWith(name, StringComparison.Ordinal)
                && (text.Length == name.Length || text[name.Length] is ' ' or '('));
            Assert.Equal(allowed, Walk(new NameSetConstraint(names), text) is "complete" or "free");
        });

    [Fact]
    public void Sets_without_names_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new NameSetConstraint([]));
        Assert.Throws<ArgumentException>(() => new NameSetConstraint([""]));
        Assert.Throws<ArgumentException>(() => new NameSetConstraint(["Length"], typed: "Q"));
        Assert.Throws<ArgumentException>(() => new BytePrefixConstraint([]));
    }

    private static string Walk(IByteConstraint constraint, string text)
    {
        var state = constraint.Start;
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            state = constraint.Advance(state, value);
            switch (state)
            {
                case IByteConstraint.Rejected:
                    return "rejected";
                case IByteConstraint.Free:
                    return "free";
            }
        }

        return constraint.MayEnd(state) ? "complete" : "open";
    }
}
