namespace GptOss.CodeAssist.TestSupport.Models;

/// <summary>How a test model's tensor is stored; numbers as in the file.</summary>
public enum TensorFormat
{
    F32 = 0,
    F16 = 1,
    Q8 = 8,
    Mxfp4 = 39,
}
