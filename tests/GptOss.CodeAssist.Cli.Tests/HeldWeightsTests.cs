using GptOss.CodeAssist.Cli.Measuring;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Cli.Tests;

/// <summary>How much of the process is the model's weights, by llama.cpp's log and the system's table of mappings.</summary>
public sealed class HeldWeightsTests
{
    [Fact]
    public void Of_a_mapped_file_counts_what_is_in_memory_and_nothing_of_other_mappings()
    {
        string[] mappings =
        [
            "7f0000000000-7f0000100000 r--s 00000000 08:01 42                         /models/a b.gguf",
            "Size:               4096 kB",
            "Rss:                1024 kB",
            "Pss:                1024 kB",
            "VmFlags: rd mr me ms",
            "7f0000100000-7f0000200000 rw-p 00000000 00:00 0",
            "Rss:                 512 kB",
            "7f0000200000-7f0000300000 r--s 00100000 08:01 42                         /models/a b.gguf",
            "Rss:                   8 kB",
            "7f0000300000-7f0000400000 r-xp 00000000 08:01 43                         /lib/other b.gguf",
            "Rss:                  64 kB",
        ];

        Assert.Equal((1024 + 8) * 1024, HeldWeights.ResidentBytesOf(mappings, ["/models/a b.gguf"]));
    }

    [Fact]
    public void Copies_in_this_process_count_and_those_on_a_GPU_do_not()
    {
        var weights = new HeldWeights();
        foreach (var line in (string[])["CPU_Mapped model buffer size =    20.50 MiB", "CPU_REPACK model buffer size =    16.00 MiB", "Vulkan0 model buffer size =   512.00 MiB", "Vulkan_Host model buffer size =     4.00 MiB", "CPU KV buffer size = 64.00 MiB"])
        {
            weights.LogTrace("llama.cpp: load_tensors:   {Line}", line);
        }

        // The file is mapped nowhere here, so that on Linux nothing of it is in memory; elsewhere all of it counts.
        Assert.Equal((OperatingSystem.IsLinux() ? 20 : 40.5) * 1024 * 1024, weights.ResidentBytes(["/nowhere.gguf"]));
    }
}
