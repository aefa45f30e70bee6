namespace GptOss.CodeAssist.Cli;

/// <summary>Checks the <c>--model</c> that a person wrote, before a verb spends time on it.</summary>
internal static class ModelPath
{
    /// <exception cref="CommandFailure">It names no file.</exception>
    public static string? Check(string? path)
    {
        if (path is null)
        {
            return null;
        }

        if (Directory.Exists(path))
        {
            throw CommandFailure.Usage($"{path} is a folder; name the .gguf file in it, or leave --model out to use the model that comes with the program.");
        }

        return File.Exists(path)
            ? path
            : throw CommandFailure.Usage($"There is no model {path}; check the path, or leave --model out to use the model that comes with the program.");
    }
}
