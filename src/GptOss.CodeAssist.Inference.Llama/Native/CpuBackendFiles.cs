using System.Runtime.InteropServices;

namespace GptOss.CodeAssist.Inference.Llama.Native;

/// <summary>Which of llama.cpp's builds of its CPU backend suits a model; each build is a file for one family of processors.</summary>
/// <remarks>
/// The builds with AVX-512 step their half-precision attention kernels by 64 values and do what is left over one value at a time
/// (<c>GGML_F16_STEP</c> in ggml/src/ggml-cpu/simd-mappings.h), so that a head of 32 values is wholly scalar there.
/// Measured with such a head, 1,000 tokens and one thread: 2.8 to 4.8 ms a token with AVX-512, 0.8 to 1.0 with AVX2.
/// </remarks>
internal static unsafe class CpuBackendFiles
{
    private const int WideStep = 64;

    // ggml/src/CMakeLists.txt lists the builds and their instruction sets.
    private static readonly string[] WideBuilds = ["skylakex", "cannonlake", "cascadelake", "icelake", "cooperlake", "zen4", "sapphirerapids"];

    /// <summary>Whether builds with AVX-512 are the slower ones for attention heads of so many elements.</summary>
    public static bool NeedsNarrow(int headLength) => headLength % WideStep != 0;

    /// <summary>Whether a file is a build of the CPU backend without AVX-512.</summary>
    /// <param name="fileName">Without its folder, for instance <c>libggml-cpu-haswell.so</c>.</param>
    public static bool IsNarrow(string fileName)
    {
        const string Marker = "ggml-cpu-";
        var start = fileName.IndexOf(Marker, StringComparison.Ordinal);
        return start >= 0 && !WideBuilds.Contains(fileName[(start + Marker.Length)..].Split('.')[0]);
    }

    /// <summary>The file of the best build without AVX-512 that this processor can run; null where there is none.</summary>
    /// <param name="folder">Full path of the folder that llama.cpp's libraries are in.</param>
    public static string? FindBestNarrow(string folder)
    {
        var (best, bestScore) = ((string?)null, 0);
        foreach (var file in Directory.EnumerateFiles(folder).Where(file => IsNarrow(Path.GetFileName(file))).Order(StringComparer.Ordinal))
        {
            var score = Score(file);
            (best, bestScore) = score > bestScore ? (file, score) : (best, bestScore);
        }

        return best;
    }

    /// <summary>What the build thinks of this processor; 0 when it cannot run on it.</summary>
    private static int Score(string file)
    {
        if (!NativeLibrary.TryLoad(file, out var library))
        {
            return 0;
        }

        try
        {
            return NativeLibrary.TryGetExport(library, "ggml_backend_score", out var score) ? ((delegate* unmanaged[Cdecl]<int>)score)() : 0;
        }
        finally
        {
            NativeLibrary.Free(library);
        }
    }
}
