namespace GptOss.CodeAssist.Inference.Llama.Native;

/// <summary>llama.cpp's <c>llama_token_attr</c> flags, those that matter here.</summary>
[Flags]
internal enum TokenAttributes
{
    None = 0,
    Unknown = 1 << 0,
    Unused = 1 << 1,
    Normal = 1 << 2,
    Control = 1 << 3,

    /// <summary>Matched in any text that llama.cpp tokenises, even where special tokens are not to be parsed.</summary>
    UserDefined = 1 << 4,
    Byte = 1 << 5,
}
