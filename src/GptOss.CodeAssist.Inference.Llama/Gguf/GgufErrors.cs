using System.Text;

namespace GptOss.CodeAssist.Inference.Llama.Gguf;

/// <summary>What is said to a person whose model file cannot be used: what is wrong, then what to do.</summary>
internal static class GgufErrors
{
    private const string FetchAgain = "Fetch it again, for instance with 'gptoss-codeassist model pull'.";

    public static InferenceException NotFound(string path) =>
        new(InferenceError.ModelNotFound, $"No model file '{path}'. Check the path, or fetch a model with 'gptoss-codeassist model pull'.");

    public static InferenceException IsFolder(string path) =>
        new(InferenceError.ModelInvalid, $"'{path}' is a folder, not a model file. Name the .gguf file itself.");

    public static InferenceException Unreadable(string path, Exception reason) =>
        new(InferenceError.ModelInvalid, $"The model file '{path}' cannot be read: {reason.Message} Check that the path and your rights to it are right.", reason);

    /// <param name="start">The file's first bytes, from which the usual accidents are told apart.</param>
    public static InferenceException NotGguf(string path, ReadOnlySpan<byte> start)
    {
        var text = Encoding.Latin1.GetString(start);
        var cause = text switch
        {
            "" => "it is empty",
            _ when text.StartsWith("version https://git-lfs", StringComparison.Ordinal) => "it is a Git LFS pointer, not the file that it points to",
            _ when text.TrimStart().StartsWith('<') => "it is a web page",
            _ when text.StartsWith("PK", StringComparison.Ordinal) => "it is a ZIP archive",
            _ when text.Length >= 9 && text[8] == '{' => "it looks like safetensors, which llama.cpp does not load",
            _ => "it does not begin with the bytes 'GGUF'",
        };
        return new(InferenceError.ModelInvalid, $"'{path}' is not a GGUF model: {cause}. {FetchAgain}");
    }

    public static InferenceException UnsupportedVersion(string path, uint version)
    {
        var cause = version switch
        {
            _ when (version & 0xFFFF) == 0 => "it was written for big-endian machines",
            < 2 => $"its format version {version} is too old",
            _ => $"its format version {version} is newer than version 3, the newest that this program reads",
        };
        var remedy = version > 3 && (version & 0xFFFF) != 0
            ? "Update gptoss-codeassist, or fetch the model in an older version of the format."
            : "Fetch a current file, for instance with 'gptoss-codeassist model pull'.";
        return new(InferenceError.ModelInvalid, $"'{path}' cannot be loaded: {cause}. {remedy}");
    }

    public static InferenceException TruncatedHeader(string path, long length) =>
        new(InferenceError.ModelInvalid, $"'{path}' is cut short: its {length} bytes end inside the header. {FetchAgain}");

    public static InferenceException TruncatedData(string path, string tensor, long end, long length) =>
        new(InferenceError.ModelInvalid, $"'{path}' is cut short: tensor '{tensor}' would end at byte {end}, but the file has {length}. {FetchAgain}");

    public static InferenceException Invalid(string path, string problem) =>
        new(InferenceError.ModelInvalid, $"'{path}' is damaged: it {problem}. {FetchAgain}");

    public static InferenceException UnknownArchitecture(string path, string architecture) =>
        new(InferenceError.ModelInvalid, $"'{path}' has the architecture '{architecture}', which llama.cpp {GgufArchitectures.LlamaVersion} does not know. Use a gpt-oss model ('gptoss-codeassist model pull'), or update gptoss-codeassist.");

    public static InferenceException CannotWriteText(string path, string architecture) =>
        new(InferenceError.ModelInvalid, $"'{path}' has the architecture '{architecture}', which does not write text token by token. Use a gpt-oss model, for instance with 'gptoss-codeassist model pull'.");

    public static InferenceException NotFirstPart(string path, int part, int parts, string first) =>
        new(InferenceError.ModelInvalid, $"'{path}' is part {part} of a model in {parts} parts. Name the first part, '{first}'.");

    public static InferenceException MissingPart(string path, int part, int parts) =>
        new(InferenceError.ModelNotFound, $"Part {part} of {parts} of the model is missing: no file '{path}'. Put all parts into one folder under their own names; {char.ToLowerInvariant(FetchAgain[0])}{FetchAgain[1..]}");

    public static InferenceException RenamedPart(string path, int part, int parts) =>
        new(InferenceError.ModelInvalid, $"'{path}' is part {part} of a model in {parts} parts, but its name does not end in '-{part:D5}-of-{parts:D5}.gguf'. Give every part its own name back, or {char.ToLowerInvariant(FetchAgain[0])}{FetchAgain[1..]}");
}
