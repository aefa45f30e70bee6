namespace GptOss.CodeAssist.Cli.Showing;

/// <summary>Tells a person at a terminal what is being waited for, on a line that goes away again. Pipes and tests see nothing of it.</summary>
internal static class WaitingLine
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);

    /// <param name="describe">What is being done now.</param>
    public static async Task<T> ShowAsync<T>(CliEnvironment environment, Func<string> describe, Task<T> work)
    {
        if (!environment.IsErrorTerminal)
        {
            return await work;
        }

        var width = 0;
        while (await Task.WhenAny(work, Task.Delay(Interval, environment.Time)) != work)
        {
            var line = $"{describe()}…";
            environment.Error.Write($"\r{line.PadRight(width)}");
            environment.Error.Flush();
            width = line.Length;
        }

        if (width > 0)
        {
            environment.Error.Write($"\r{new string(' ', width)}\r");
            environment.Error.Flush();
        }

        return await work;
    }
}
