using System.Buffers.Binary;
using GptOss.CodeAssist.Inference;

namespace GptOss.CodeAssist.EngineDaemon.Contract;

/// <summary>A constraint written out: for each state what each byte leads to.</summary>
/// <remarks>
/// Numbers are 32-bit little-endian. First the number of states, then where each state's part begins; a part is whether the answer may end there,
/// the number of its runs, and for each run the first byte, the last byte, and the state that they lead to. Bytes outside every run are rejected.
/// </remarks>
internal sealed class ConstraintTable : IByteConstraint
{
    /// <summary>Larger automata are refused: nobody writes so many names by hand, and the table would take megabytes.</summary>
    public const int MaxStates = 1 << 16;

    private readonly byte[] _bytes;

    /// <param name="bytes">What <see cref="Bytes"/> of another gave.</param>
    public ConstraintTable(byte[] bytes) => _bytes = bytes;

    public ReadOnlyMemory<byte> Bytes => _bytes;

    public int Start => 0;

    /// <summary>Writes a constraint out by walking it from its start.</summary>
    /// <exception cref="InferenceException">It has more than <see cref="MaxStates"/> states.</exception>
    public static ConstraintTable Of(IByteConstraint constraint)
    {
        if (constraint is ConstraintTable table)
        {
            return table;
        }

        var numbers = new Dictionary<int, int> { [constraint.Start] = 0 };
        var states = new List<int> { constraint.Start };
        var parts = new List<int>();
        var offsets = new List<int>();
        for (var number = 0; number < states.Count; number++)
        {
            offsets.Add(parts.Count);
            parts.Add(constraint.MayEnd(states[number]) ? 1 : 0);
            var countAt = parts.Count;
            parts.Add(0);
            for (var value = 0; value <= byte.MaxValue; value++)
            {
                var next = constraint.Advance(states[number], (byte)value);
                if (next != Rejected)
                {
                    Append(parts, countAt, value, next == Free ? Free : NumberOf(next));
                }
            }
        }

        var bytes = new byte[(1 + offsets.Count + parts.Count) * 4];
        var at = 0;
        foreach (var value in offsets.Select(offset => offset + 1 + offsets.Count).Prepend(offsets.Count).Concat(parts))
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at++ * 4), value);
        }

        return new ConstraintTable(bytes);

        int NumberOf(int state)
        {
            if (numbers.TryGetValue(state, out var known))
            {
                return known;
            }

            if (states.Count == MaxStates)
            {
                throw new InferenceException(InferenceError.Unsupported, $"The constraint has more than {MaxStates:N0} states; the shared engine takes no larger one.");
            }

            states.Add(state);
            return numbers[state] = states.Count - 1;
        }
    }

    public int Advance(int state, byte next)
    {
        var part = ReadAt(1 + state);
        var runs = ReadAt(part + 1);
        for (var run = part + 2; run < part + 2 + (runs * 3); run += 3)
        {
            if (next < ReadAt(run))
            {
                return Rejected;
            }

            if (next <= ReadAt(run + 1))
            {
                return ReadAt(run + 2);
            }
        }

        return Rejected;
    }

    public bool MayEnd(int state) => ReadAt(ReadAt(1 + state)) != 0;

    private const int Rejected = IByteConstraint.Rejected;

    private const int Free = IByteConstraint.Free;

    private static void Append(List<int> parts, int countAt, int value, int next)
    {
        if (parts[countAt] > 0 && parts[^1] == next && parts[^2] == value - 1)
        {
            parts[^2] = value;
            return;
        }

        parts.AddRange([value, value, next]);
        parts[countAt]++;
    }

    private int ReadAt(int index) => BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(index * 4, 4));
}
