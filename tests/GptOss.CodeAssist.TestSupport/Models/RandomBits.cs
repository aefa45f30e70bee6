namespace GptOss.CodeAssist.TestSupport.Models;

/// <summary>SplitMix64: the same numbers from the same seed on every platform and in every version of the framework.</summary>
/// <remarks>Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.</remarks>
internal sealed class RandomBits(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var bits = _state;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }

    /// <summary>Uniform in [-1, 1).</summary>
    public float NextSigned() => ((Next() >> 40) * (2f / (1 << 24))) - 1f;
}
