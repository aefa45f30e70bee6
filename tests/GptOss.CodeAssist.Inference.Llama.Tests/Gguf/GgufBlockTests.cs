using System.Runtime.InteropServices;
using GptOss.CodeAssist.Inference.Llama.Gguf;
using GptOss.CodeAssist.Inference.Llama.Native;

namespace GptOss.CodeAssist.Inference.Llama.Tests.Gguf;

public sealed class GgufBlockTests
{
    // GGML_TYPE_COUNT of llama.cpp v0.4.0; asking ggml about a number beyond it would end the process.
    private const int TypeCount = 43;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate long BlockElements(int type);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nuint BlockBytes(int type);

    [Fact]
    public void Every_type_is_stored_in_the_blocks_that_ggml_itself_uses()
    {
        LlamaLibrary.EnsureLoaded(folder: null, headLength: null);
        var library = NativeLibrary.Load(Directory.GetFiles(LlamaLibrary.DefaultFolder, "*ggml-base*")[0]);
        var elements = Marshal.GetDelegateForFunctionPointer<BlockElements>(NativeLibrary.GetExport(library, "ggml_blck_size"));
        var bytes = Marshal.GetDelegateForFunctionPointer<BlockBytes>(NativeLibrary.GetExport(library, "ggml_type_size"));

        for (var type = 0; type < TypeCount; type++)
        {
            GgufBlock? expected = elements(type) > 0 ? new GgufBlock((int)elements(type), (int)bytes(type)) : null;
            Assert.Equal(expected, GgufBlock.Find((GgufTensorType)type));
            Assert.Equal(expected is not null, Enum.IsDefined((GgufTensorType)type));
        }

        Assert.Null(GgufBlock.Find((GgufTensorType)TypeCount));
    }
}
