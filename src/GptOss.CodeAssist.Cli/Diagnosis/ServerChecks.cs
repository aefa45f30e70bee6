using System.Globalization;
using GptOss.CodeAssist.Cli.Showing;
using GptOss.CodeAssist.Inference;
using GptOss.CodeAssist.Inference.OpenAi;
using Microsoft.Extensions.Logging.Abstractions;

namespace GptOss.CodeAssist.Cli.Diagnosis;

/// <summary>What <c>doctor</c> says of the model server, where there is one. The key is used and never shown.</summary>
internal static class ServerChecks
{
    /// <returns>Nothing where no server was chosen.</returns>
    public static async Task<IEnumerable<DoctorCheck>> CheckAsync(CliEnvironment environment, CancellationToken cancellationToken)
    {
        if (environment.FindModelServer() is not { } options)
        {
            return [];
        }

        try
        {
            var started = environment.Time.GetTimestamp();
            await using var engine = ServerEngine.Start(options, NullLogger.Instance, environment.Time);
            await engine.WaitForModelAsync(cancellationToken);
            var (elapsed, report) = (environment.Time.GetElapsedTime(started), engine.Report);
            var finding = string.Create(CultureInfo.InvariantCulture, $"{report?.Server} at {options.Address} answered all questions within {elapsed.TotalMilliseconds:F0} ms, {DescribeKey(options.Key)}; it {report?.Works}");
            return [options.Address.Warning is { } warning ? DoctorCheck.Warn("server", $"{finding}. {warning}") : DoctorCheck.Ok("server", finding)];
        }
        catch (InferenceException exception)
        {
            return [DoctorCheck.Fail("server", exception.Message)];
        }
    }

    private static string DescribeKey(ServerKey key)
    {
        try
        {
            return string.IsNullOrWhiteSpace(key.Read()) ? "without a key" : $"with the key in {key.Source}";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"without the key, as {key.Source} cannot be read";
        }
    }
}
