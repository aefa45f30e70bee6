using System.Globalization;

namespace GptOss.CodeAssist.Inference.Llama;

/// <summary>How many threads are worth using for arithmetic.</summary>
internal static class ProcessorTopology
{
    /// <summary>
    /// The physical cores that this process may use. Two threads on one core share its arithmetic units, so more threads than this
    /// only slow a matrix product down. Where the machine does not tell, half the logical processors, but all of them up to four.
    /// </summary>
    public static int CountPhysicalCores(string root = "/sys/devices/system/cpu")
    {
        var logical = Environment.ProcessorCount;
        var cores = OperatingSystem.IsLinux() ? CountLinuxCores(root) : 0;
        return cores > 0 ? Math.Clamp(cores, Math.Min(2, logical), logical) : logical <= 4 ? logical : logical / 2;
    }

    private static int CountLinuxCores(string root)
    {
        try
        {
            var cores = new HashSet<(int Package, int Core)>();
            foreach (var folder in Directory.EnumerateDirectories(root, "cpu*"))
            {
                var topology = Path.Combine(folder, "topology");
                if (char.IsAsciiDigit(Path.GetFileName(folder)[^1]) && Directory.Exists(topology))
                {
                    cores.Add((ReadNumber(topology, "physical_package_id"), ReadNumber(topology, "core_id")));
                }
            }

            return cores.Count;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            return 0;
        }
    }

    private static int ReadNumber(string folder, string name) => int.Parse(File.ReadAllText(Path.Combine(folder, name)), CultureInfo.InvariantCulture);
}
