using GptOss.CodeAssist.Rpc;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.Server;

/// <summary>The language server: one editor on a pair of streams.</summary>
public static class LanguageServer
{
    /// <summary>Serves until the editor says <c>exit</c>, its end of the stream closes, its process dies, or <paramref name="cancellationToken"/> is cancelled.</summary>
    /// <param name="input">What the editor sends; owned from now on.</param>
    /// <param name="output">What the editor receives; owned from now on. Nothing but the protocol may be written to it.</param>
    /// <param name="services">The assistant.</param>
    /// <param name="logger">One line a request, and why the connection ended.</param>
    /// <param name="time">The clock; null means the system's.</param>
    /// <returns>The process's exit code: 0 after <c>shutdown</c> and <c>exit</c> or when told to stop, else 1.</returns>
    public static async Task<int> RunAsync(Stream input, Stream output, LanguageServerServices services, ILogger logger, TimeProvider? time, CancellationToken cancellationToken)
    {
        await using var connection = new RpcConnection(input, output, logger, time ?? TimeProvider.System);
        var session = new Session();
        using var status = new StatusReporter(connection, services, logger);
        using var editor = new EditorProcessWatch(connection, logger);
        using var answers = new AnswerDocuments(connection);
        using var settings = new EditorSettings(connection, services.Settings);
        var questions = new PersonQuestions(connection);
        using var trust = new TrustQuestions(services.Workspaces, questions, session, logger);
        var works = new RunningWorks();
        using var solutions = new SolutionProgress(services.Workspaces, connection, works, session, logger, time ?? TimeProvider.System);
        MethodTable.AddAll(new MethodTable(connection, session), services, status, editor, answers, questions, settings, works, connection, logger, time ?? TimeProvider.System);

        var end = await connection.RunAsync(cancellationToken);
        var isClean = end.Kind is ConnectionEndKind.Requested or ConnectionEndKind.Cancelled;
        logger.Log(isClean ? LogLevel.Information : LogLevel.Error, "The connection ended: {Explanation}", end.Explanation);
        return isClean && (end.Kind == ConnectionEndKind.Cancelled || session.Current.Lifecycle == Lifecycle.ShutDown) ? 0 : 1;
    }
}
