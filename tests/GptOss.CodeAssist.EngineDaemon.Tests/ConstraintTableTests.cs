using System.Text;
using CsCheck;
using GptOss.CodeAssist.EngineDaemon.Contract;
using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.Inference.Constraints;

namespace GptOss.CodeAssist.EngineDaemon.Tests;

public sealed class ConstraintTableTests
{
    [Fact]
    public void A_table_accepts_what_its_constraint_accepts()
    {
        var letters = Gen.Char["abä_"];
        var names = Gen.String[letters, 1, 6].Array[1, 8];
        Gen.Select(names, Gen.Bool, Gen.String[letters, 0, 3], Gen.String[Gen.Char["abä_(é"], 0, 12]).Sample((set, open, prefix, text) =>
        {
            IByteConstraint constraint = new NameSetConstraint(set, open);
            constraint = prefix.Length == 0 ? constraint : new BytePrefixConstraint(Encoding.UTF8.GetBytes(prefix), constraint);
            var table = new ConstraintTable(ConstraintTable.Of(constraint).Bytes.ToArray());
            return Walk(table, text) == Walk(constraint, text);
        });
    }

    [Fact]
    public void Too_large_an_automaton_is_refused()
    {
        var constraint = new BytePrefixConstraint(new byte[ConstraintTable.MaxStates + 1]);
        Assert.Equal(InferenceError.Unsupported, Assert.Throws<InferenceException>(() => ConstraintTable.Of(constraint)).Error);
    }

    /// <summary>For each byte whether it is rejected, free from there, or allowed, and whether the answer may end after it.</summary>
    private static string Walk(IByteConstraint constraint, string text)
    {
        var (state, trace) = (constraint.Start, new StringBuilder());
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            state = constraint.Advance(state, value);
            trace.Append(state switch { IByteConstraint.Rejected => 'x', IByteConstraint.Free => 'f', _ => constraint.MayEnd(state) ? 'e' : '.' });
            if (state < 0)
            {
                break;
            }
        }

        return trace.ToString();
    }
}
