using BenchmarkDotNet.Running;
using LoraCollab.Bench;

// dotnet run -c Release --project bench -- [BACKEND [THREADS]] [options of BenchmarkDotNet]
//
//   dotnet run -c Release --project bench -- Host 2 --filter "*matmul*"     some ops on two threads
//   dotnet run -c Release --project bench -- Cuda --filter "*"              every op on a GPU
//
// Without a backend: Host on all processors. --job short is enough for a first look; --list flat names the benchmarks.
int taken = 0;
if (args.Length > 0 && Enum.TryParse(args[0], ignoreCase: true, out BackendKind kind)) (OpBenchmarks.Kind, taken) = (kind, 1);
if (taken == 1 && args.Length > 1 && int.TryParse(args[1], out int threads)) (OpBenchmarks.Threads, taken) = (threads, 2);
BenchmarkSwitcher.FromTypes([typeof(OpBenchmarks)]).Run(args[taken..]);
