namespace GptOss.CodeAssist.Inference.Llama;

/// <summary>A LoRA adapter to attach to the model.</summary>
/// <param name="Path">Full path of the adapter's GGUF file.</param>
/// <param name="Scale">Its strength; 1 is as trained.</param>
public sealed record LoraAdapter(string Path, float Scale = 1);
