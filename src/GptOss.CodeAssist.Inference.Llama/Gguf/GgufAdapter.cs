namespace GptOss.CodeAssist.Inference.Llama.Gguf;

/// <summary>Looks at a LoRA adapter's file before llama.cpp does, which ends the process where a value is of another type than it expects.</summary>
internal static class GgufAdapter
{
    private const string Remedy = "Check that it was made for this model, or take it out of the setting `adapters`.";

    /// <exception cref="InferenceException">The file is missing, damaged, no adapter, or made for another architecture; says which.</exception>
    public static void Check(string path, GgufModel model)
    {
        GgufFile file;
        try
        {
            file = GgufFile.Read(path);
        }
        catch (InferenceException exception)
        {
            throw new InferenceException(exception.Error, $"The LoRA adapter cannot be used: {exception.Message}", exception);
        }

        if (file.FindText("general.type") != "adapter" || file.FindText("adapter.type") != "lora")
        {
            throw Invalid("is a GGUF file, but no LoRA adapter");
        }

        if (file.FindText("general.architecture") is var architecture && architecture != model.Architecture)
        {
            throw Invalid($"was made for the architecture '{architecture}', and {model.Name} has '{model.Architecture}'");
        }

        var isAlphaRead = !file.Metadata.TryGetValue("adapter.lora.alpha", out var alpha) || alpha is GgufValue.Number { Type: GgufValueType.Float32 };
        if (!isAlphaRead)
        {
            throw Invalid("has an 'adapter.lora.alpha' that is no 32-bit number");
        }

        InferenceException Invalid(string problem) => new(InferenceError.ModelInvalid, $"The LoRA adapter '{path}' {problem}. {Remedy}");
    }
}
