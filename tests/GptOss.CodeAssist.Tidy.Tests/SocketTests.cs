using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GptOss.CodeAssist.Tidy.Tests;

/// <summary>Which code may open a connection, or start a process that may: whoever wants to know what the program can send reads these files and no others.</summary>
public sealed class SocketTests
{
    /// <summary>What of the framework opens connections or waits for them, or stands for such a thing.</summary>
    private static readonly HashSet<string> Openers =
    [
        "Socket", "TcpClient", "TcpListener", "UdpClient", "NetworkStream", "SslStream", "QuicConnection", "QuicListener", "Dns", "Ping",
        "HttpClient", "HttpClientHandler", "SocketsHttpHandler", "HttpMessageInvoker", "WinHttpHandler", "HttpListener", "ClientWebSocket",
        "WebClient", "WebRequest", "HttpWebRequest", "FtpWebRequest", "SmtpClient", "NamedPipeClientStream", "NamedPipeServerStream", "NamedPipeListener",
        "UnixDomainSocketEndPoint", "IHttpClientFactory", "HttpClientFactory", "SocketFactory", "Sockets", "Quic", "NetworkInformation",
    ];

    /// <summary>The files whose types may, and what for.</summary>
    private static readonly Dictionary<string, string> Allowed = new()
    {
        ["src/GptOss.CodeAssist.EngineDaemon/EngineAddress.cs"] = "The pipe to the engine's process on this machine, which only its user may open.",
        ["src/GptOss.CodeAssist.EngineDaemon/EngineHost.cs"] = "The other end of that pipe.",
        ["src/GptOss.CodeAssist.Inference.OpenAi/Connecting/ServerConnection.cs"] = "`--engine URL` and the setting engine: the model server that a person names, and no other.",
        ["src/GptOss.CodeAssist.Models/Download/HubClient.cs"] = "`model pull`: the hub, or the mirror of it, that models are fetched from.",
        ["src/GptOss.CodeAssist.Cli/Measuring/LlamaServerPeer.cs"] = "`bench --peer URL`: the server that a person names, to be measured beside us.",
    };

    /// <summary>The files that may start a process, which could open what it likes, and what they start.</summary>
    private static readonly Dictionary<string, string> Starters = new()
    {
        ["src/GptOss.CodeAssist.Cli/ServerProcess.cs"] = "This program as a server, for `demo`.",
        ["src/GptOss.CodeAssist.Cli/Engines/EngineProcess.cs"] = "This program as the shared engine.",
        ["src/GptOss.CodeAssist.Cli/PullProcess.cs"] = "This program's `model pull`, for a person who asks for it in an editor.",
        ["src/GptOss.CodeAssist.Cli/Diagnosis/EditorChecks.cs"] = "`doctor`: editors, asked for their versions.",
    };

    [Fact]
    public void Only_the_types_that_are_listed_here_may_open_a_connection() => Check(Openers, Allowed);

    [Fact]
    public void Only_the_types_that_are_listed_here_may_start_a_process() => Check(["ProcessStartInfo"], Starters);

    /// <summary>Any mention counts: a parameter or a field is how a connection travels, and comments are no code.</summary>
    private static void Check(HashSet<string> names, Dictionary<string, string> allowed)
    {
        var found = Repository.Files.Where(file => file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal))
            .Where(file => CSharpSyntaxTree.ParseText(Repository.Read(file), new CSharpParseOptions(LanguageVersion.Preview)).GetRoot().DescendantNodes().OfType<SimpleNameSyntax>().Any(name => names.Contains(name.Identifier.Text)))
            .ToArray();

        Assert.Empty(found.Except(allowed.Keys));
        Assert.Empty(allowed.Keys.Except(found));
    }
}
