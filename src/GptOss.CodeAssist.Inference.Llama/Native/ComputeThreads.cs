using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GptOss.CodeAssist.Inference.Llama.Native;

/// <summary>The threads that compute for a context on the processor (ggml's thread pool).</summary>
/// <remarks>
/// Without one, ggml starts its threads anew for every batch, and the system may put one on the core that another is waiting on:
/// the barriers between operations then cost whole time slices. The handle must outlive the contexts that it is attached to.
/// </remarks>
internal sealed unsafe partial class ComputeThreads : SafeHandle
{
    /// <summary>
    /// How long a thread spins for the next batch before it sleeps, in units of 131,072 looks: some milliseconds, which is what lies between two tokens.
    /// ggml's default of 50 would burn a good part of a second on every core after every keystroke.
    /// </summary>
    private const uint PollLevel = 1;

    private const int CpuDevice = 0;

    private readonly delegate* unmanaged[Cdecl]<nint, void> _free;

    private ComputeThreads(nint pool, delegate* unmanaged[Cdecl]<nint, void> free)
        : base(0, ownsHandle: true)
    {
        SetHandle(pool);
        _free = free;
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>Starts threads, of which the one that calls into the context is the first; null where one is enough, or where the backend has no pools.</summary>
    /// <param name="count">Threads for the context, that one included.</param>
    public static ComputeThreads? Start(int count)
    {
        var device = count > 1 ? ggml_backend_dev_by_type(CpuDevice) : 0;
        if (device == 0)
        {
            return null;
        }

        var backend = ggml_backend_dev_backend_reg(device);
        var create = (delegate* unmanaged[Cdecl]<ThreadPoolParameters*, nint>)ggml_backend_reg_get_proc_address(backend, "ggml_threadpool_new");
        var free = (delegate* unmanaged[Cdecl]<nint, void>)ggml_backend_reg_get_proc_address(backend, "ggml_threadpool_free");
        if (create is null || free is null)
        {
            return null;
        }

        var parameters = CreateParameters(count);
        parameters.Poll = PollLevel;
        var pool = create(&parameters);
        return pool == 0 ? null : new ComputeThreads(pool, free);
    }

    /// <summary>ggml's defaults.</summary>
    internal static ThreadPoolParameters CreateParameters(int count)
    {
        ThreadPoolParameters parameters;
        ggml_threadpool_params_init(&parameters, count);
        return parameters;
    }

    protected override bool ReleaseHandle()
    {
        _free(handle);
        return true;
    }

    [LibraryImport(LlamaLibrary.GgmlBase), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial void ggml_threadpool_params_init(ThreadPoolParameters* parameters, int threads);

    [LibraryImport(LlamaLibrary.Ggml), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial nint ggml_backend_dev_by_type(int type);

    [LibraryImport(LlamaLibrary.GgmlBase), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial nint ggml_backend_dev_backend_reg(nint device);

    [LibraryImport(LlamaLibrary.GgmlBase, StringMarshalling = StringMarshalling.Utf8), UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial nint ggml_backend_reg_get_proc_address(nint backend, string name);
}

/// <summary>ggml's <c>ggml_threadpool_params</c>, 528 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ThreadPoolParameters
{
    public fixed byte Cores[512];
    public int Threads;
    public int Priority;
    public uint Poll;
    public byte IsStrict;
    public byte IsPaused;
}
