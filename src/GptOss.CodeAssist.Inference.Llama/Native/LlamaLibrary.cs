using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Inference.Llama.Native;

/// <summary>Finds, loads and checks llama.cpp's shared libraries, once for the process.</summary>
/// <remarks>
/// Every other type in this namespace assumes that <see cref="EnsureLoaded"/> has returned.
/// The libraries carry their version in the file name, and struct layouts belong to one version,
/// so the version is checked before any struct crosses the border.
/// </remarks>
internal static unsafe partial class LlamaLibrary
{
    public const string Llama = "llama";
    public const string Ggml = "ggml";
    public const string GgmlBase = "ggml-base";

    /// <summary>The only version whose struct layouts are described here.</summary>
    public const string SupportedVersion = "0.4.0";

    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, nint> Loaded = [];
    private static string? _loadedFolder;
    private static InferenceException? _failure;
    private static ILogger? _loggerOfOtherThreads;

    /// <summary>llama.cpp has one log for the whole process, and logs on the thread that called it: that is how each engine gets its own lines and no other's.</summary>
    [ThreadStatic]
    private static ILogger? _loggerOfThisThread;

    /// <summary>The unfinished line of this thread; threads that log at the same time must not tear each other's lines.</summary>
    [ThreadStatic]
    private static StringBuilder? _logLine;

    [ThreadStatic]
    private static LogLevel _logLineLevel;

    /// <summary>The stop flag of the decode that this thread is in: llama.cpp calls it an error when a decode stops as it was told to.</summary>
    [ThreadStatic]
    private static int* _abortOfThisThread;

    /// <summary>Receives what llama.cpp logs on threads that nobody named a logger for, its own for instance; null drops it.</summary>
    public static ILogger? LoggerOfOtherThreads
    {
        get => Volatile.Read(ref _loggerOfOtherThreads);
        set => Volatile.Write(ref _loggerOfOtherThreads, value);
    }

    /// <summary>The folder that a build puts the libraries in: one for each package, named by the build that chose it.</summary>
    public static string DefaultFolder => Path.Combine(AppContext.BaseDirectory, "native", Package);

    /// <summary>The package that the build chose, for instance <c>linux-x64-vulkan</c>.</summary>
    public static string Package { get; } =
        Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().First(metadata => metadata.Key == "LlamaPackage").Value!;

    /// <summary>The GPU backend that this build asked for, or null for a build that uses the processor only.</summary>
    public static string? GpuBackend => Array.Find(["cuda", "vulkan", "metal"], backend => Package.EndsWith(backend, StringComparison.Ordinal));

    /// <summary>Loads the libraries from <paramref name="folder"/>; later calls return at once, whatever their folder and head length.</summary>
    /// <param name="folder">Full path; null takes the build's own folder.</param>
    /// <param name="headLength">Elements of an attention head of the model that is going to be run, for the build of the CPU backend; null when none is known.</param>
    /// <exception cref="InferenceException">The libraries are missing, of another version, or cannot be loaded.</exception>
    public static void EnsureLoaded(string? folder, int? headLength)
    {
        lock (Gate)
        {
            if (_failure is not null)
            {
                throw _failure;
            }

            if (_loadedFolder is not null)
            {
                return;
            }

            try
            {
                Load(folder ?? DefaultFolder, headLength);
                _loadedFolder = folder ?? DefaultFolder;
            }
            catch (InferenceException exception)
            {
                _failure = exception;
                throw;
            }
            catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
            {
                _failure = new InferenceException(
                    InferenceError.NativeLibrary,
                    $"llama.cpp's library in {folder ?? DefaultFolder} cannot be loaded: {exception.Message} Build again for this platform, or run `gptoss-codeassist doctor`.",
                    exception);
                throw _failure;
            }
        }
    }

    /// <summary>Sends what llama.cpp logs on this thread to <paramref name="logger"/> until the result is disposed, on the same thread.</summary>
    public static LogScope LogThisThreadTo(ILogger logger)
    {
        var before = _loggerOfThisThread;
        _loggerOfThisThread = logger;
        return new LogScope(before);
    }

    /// <summary>llama.cpp's own version, for instance <c>0.4.0</c>.</summary>
    public static string Version => Utf8(llama_version());

    /// <summary>What llama.cpp sees of this machine: CPU, GPUs, accelerators.</summary>
    public static ImmutableArray<LlamaDevice> GetDevices()
    {
        var devices = ImmutableArray.CreateBuilder<LlamaDevice>();
        for (nuint i = 0; i < ggml_backend_dev_count(); i++)
        {
            var device = ggml_backend_dev_get(i);
            ggml_backend_dev_memory(device, out var free, out var total);
            devices.Add(new LlamaDevice(
                Utf8(ggml_backend_dev_name(device)),
                Utf8(ggml_backend_dev_description(device)).Trim(),
                (LlamaDeviceKind)ggml_backend_dev_type(device),
                (long)free,
                (long)total));
        }

        return devices.ToImmutable();
    }

    /// <summary>The features that the loaded CPU backend was built for and uses, for instance AVX512.</summary>
    public static ImmutableArray<string> GetCpuFeatures()
    {
        var info = Utf8(llama_print_system_info());
        return
        [
            .. info.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(part => part[(part.LastIndexOf(':') + 1)..].Trim())
                .Where(part => part.EndsWith("= 1", StringComparison.Ordinal))
                .Select(part => part[..^3].Trim()),
        ];
    }

    /// <summary>The buffer type that keeps a tensor in system memory.</summary>
    public static nint CpuBufferType => ggml_backend_cpu_buffer_type();

    /// <summary>Names the stop flag of the decode that this thread is about to make; null after it.</summary>
    public static void SetAbortOfThisThread(int* abort) => _abortOfThisThread = abort;

    public static string Utf8(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    private static void Load(string folder, int? headLength)
    {
        if (!Directory.Exists(folder))
        {
            throw new InferenceException(
                InferenceError.NativeLibrary,
                $"llama.cpp's native libraries are not at {folder}. Build again with Node.js installed: `dotnet build` fetches them.");
        }

        // The order matters on Windows, where a library's own folder is not searched for what it needs.
        foreach (var name in (ReadOnlySpan<string>)[GgmlBase, Ggml, Llama])
        {
            Loaded[name] = NativeLibrary.Load(FindFile(folder, name));
        }

        NativeLibrary.SetDllImportResolver(Assembly.GetExecutingAssembly(), (name, _, _) => Loaded.GetValueOrDefault(name));
        var version = Version;

        // Builds outside llama.cpp's own release pipeline add a suffix such as -dev.
        if (version.Split('-')[0] != SupportedVersion)
        {
            throw new InferenceException(
                InferenceError.NativeLibrary,
                $"llama.cpp {version} was found in {folder}, but this build works with {SupportedVersion} only. Delete the folder and build again.");
        }

        llama_log_set(&OnLog, 0);
        fixed (byte* path = Encoding.UTF8.GetBytes(folder + '\0'))
        {
            ggml_backend_load_all_from_path(path);
        }

        if (headLength is { } length && CpuBackendFiles.NeedsNarrow(length) && GetCpuFeatures().Contains("AVX512"))
        {
            ReplaceCpuBackend(folder);
        }

        if (ggml_backend_dev_count() == 0)
        {
            throw new InferenceException(InferenceError.NativeLibrary, $"llama.cpp found no usable CPU or GPU backend in {folder}. Build again for this platform.");
        }

        llama_backend_init();
    }

    /// <summary>Puts the best build without AVX-512 in the place of the one that llama.cpp chose.</summary>
    private static void ReplaceCpuBackend(string folder)
    {
        if (CpuBackendFiles.FindBestNarrow(folder) is not { } file)
        {
            return;
        }

        fixed (byte* name = "CPU\0"u8)
        fixed (byte* path = Encoding.UTF8.GetBytes(file + '\0'))
        {
            ggml_backend_unload(ggml_backend_reg_by_name(name));
            ggml_backend_load(path);
        }
    }

    private static string FindFile(string folder, string name)
    {
        var (prefix, extension) = OperatingSystem.IsWindows() ? ("", ".dll") : OperatingSystem.IsMacOS() ? ("lib", ".dylib") : ("lib", ".so");
        var plain = Path.Combine(folder, prefix + name + extension);
        return File.Exists(plain)
            ? plain
            : Directory.EnumerateFiles(folder, $"{prefix}{name}.*{extension}").Order(StringComparer.Ordinal).FirstOrDefault()
              ?? throw new InferenceException(
                  InferenceError.NativeLibrary,
                  $"{prefix}{name}{extension} is not in {folder}. Build again with Node.js installed: `dotnet build` fetches it.");
    }

    /// <summary>llama.cpp logs whole lines in pieces; level 5 continues the line before.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnLog(int level, byte* text, nint userData)
    {
        const int Continue = 5;
        var piece = Utf8(text);
        var pending = _logLine ??= new StringBuilder();
        if (level != Continue)
        {
            var isStopping = _abortOfThisThread is not null && Volatile.Read(ref *_abortOfThisThread) != 0;
            _logLineLevel = isStopping ? LogLevel.Trace : level switch { 4 => LogLevel.Error, 3 => LogLevel.Warning, 2 => LogLevel.Debug, _ => LogLevel.Trace };
        }

        pending.Append(piece);
        if (!piece.EndsWith('\n'))
        {
            return;
        }

        var line = pending.ToString().TrimEnd();
        pending.Clear();
        if (line.Length > 0)
        {
            (_loggerOfThisThread ?? LoggerOfOtherThreads)?.Log(_logLineLevel, "llama.cpp: {Line}", line);
        }
    }

    [LibraryImport(Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial byte* llama_version();

    [LibraryImport(Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial byte* llama_print_system_info();

    [LibraryImport(Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial void llama_backend_init();

    [LibraryImport(Llama), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial void llama_log_set(delegate* unmanaged[Cdecl]<int, byte*, nint, void> callback, nint userData);

    [LibraryImport(Ggml), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial void ggml_backend_load_all_from_path(byte* folder);

    [LibraryImport(Ggml), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial nint ggml_backend_load(byte* file);

    [LibraryImport(Ggml), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial void ggml_backend_unload(nint registration);

    [LibraryImport(Ggml), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial nint ggml_backend_reg_by_name(byte* name);

    [LibraryImport(Ggml), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial nuint ggml_backend_dev_count();

    [LibraryImport(Ggml), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial nint ggml_backend_dev_get(nuint index);

    [LibraryImport(GgmlBase), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial byte* ggml_backend_dev_name(nint device);

    [LibraryImport(GgmlBase), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial byte* ggml_backend_dev_description(nint device);

    [LibraryImport(GgmlBase), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial int ggml_backend_dev_type(nint device);

    [LibraryImport(GgmlBase), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial void ggml_backend_dev_memory(nint device, out nuint free, out nuint total);

    [LibraryImport(GgmlBase), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial nint ggml_backend_cpu_buffer_type();

    /// <summary>Gives the thread back the logger that it had before.</summary>
    public readonly ref struct LogScope(ILogger? before)
    {
        public void Dispose() => _loggerOfThisThread = before;
    }
}
