using BenchmarkDotNet.Running;
using GptOss.CodeAssist.Benchmarks;
using GptOss.CodeAssist.TestSupport.Models;

// A model to measure with `bench`, of random weights: as large as gpt-oss-20b (12 GB), or small enough to measure quickly and too large for a processor's caches (0.3 GB).
if (args is ["write-model", "20b" or "memory-bound", var path])
{
    SmallModel.Write(args[1] == "20b" ? SmallModelOptions.Gpt20b : SmallModelOptions.MemoryBound, path);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(TokenBenchmarks).Assembly).Run(args);
