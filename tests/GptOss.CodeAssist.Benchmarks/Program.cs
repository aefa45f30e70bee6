using BenchmarkDotNet.Running;
using GptOss.CodeAssist.Benchmarks;

BenchmarkSwitcher.FromAssembly(typeof(TokenBenchmarks).Assembly).Run(args);
