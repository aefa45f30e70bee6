using System.Runtime.InteropServices;
using GptOss.CodeAssist.Inference.Llama.Native;

namespace GptOss.CodeAssist.Inference.Llama.Tests.Native;

public sealed class CpuBackendFilesTests
{
    [Theory]
    [InlineData(64, false)]
    [InlineData(128, false)]
    [InlineData(32, true)]
    [InlineData(80, true)]
    [InlineData(96, true)]
    public void Heads_that_are_no_multiple_of_64_need_a_build_without_AVX_512(int headLength, bool expected) =>
        Assert.Equal(expected, CpuBackendFiles.NeedsNarrow(headLength));

    [Theory]
    [InlineData("libggml-cpu-haswell.so", true)]
    [InlineData("ggml-cpu-alderlake.dll", true)]
    [InlineData("libggml-cpu-x64.so", true)]
    [InlineData("libggml-cpu-zen4.so", false)]
    [InlineData("ggml-cpu-skylakex.dll", false)]
    [InlineData("libggml-base.so", false)]
    [InlineData("libggml-vulkan.so", false)]
    public void Only_builds_of_the_CPU_backend_without_AVX_512_are_narrow(string file, bool expected) =>
        Assert.Equal(expected, CpuBackendFiles.IsNarrow(file));

    [Fact]
    public void The_best_narrow_build_of_this_processor_is_found()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64 && !OperatingSystem.IsMacOS(), "Other processors' packages have one build without AVX-512, or none.");
        LlamaLibrary.EnsureLoaded(folder: null, headLength: null);

        var file = CpuBackendFiles.FindBestNarrow(LlamaLibrary.DefaultFolder);

        var name = Path.GetFileName(Assert.IsType<string>(file));
        Assert.True(CpuBackendFiles.IsNarrow(name));
        if (System.Runtime.Intrinsics.X86.Avx2.IsSupported)
        {
            Assert.Matches("haswell|alderlake", name);
        }
    }
}
