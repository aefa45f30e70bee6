namespace GptOss.CodeAssist.Inference.Llama.Sampling;

/// <summary>Exactly these bytes first, then another constraint, or anything.</summary>
internal sealed class PrefixThenConstraint(byte[] prefix, IByteConstraint? then) : IByteConstraint
{
    /// <summary>States below the prefix's length count its bytes; later ones are the other constraint's, shifted.</summary>
    public int Start => 0;

    public int Advance(int state, byte next)
    {
        if (state >= prefix.Length)
        {
            var advanced = then!.Advance(state - prefix.Length, next);
            return advanced < 0 ? advanced : advanced + prefix.Length;
        }

        if (prefix[state] != next)
        {
            return IByteConstraint.Rejected;
        }

        if (state + 1 < prefix.Length)
        {
            return state + 1;
        }

        return then is null ? IByteConstraint.Free : then.Start < 0 ? then.Start : then.Start + prefix.Length;
    }

    public bool MayEnd(int state) => state >= prefix.Length && then!.MayEnd(state - prefix.Length);
}
