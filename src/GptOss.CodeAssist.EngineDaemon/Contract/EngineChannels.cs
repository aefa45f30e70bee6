using Nerdbank.Streams;
using StreamJsonRpc;

namespace GptOss.CodeAssist.EngineDaemon.Contract;

/// <summary>How both ends lay their two channels over one connection.</summary>
internal static class EngineChannels
{
    /// <summary>Takes ownership of the connection.</summary>
    public static MultiplexingStream Open(Stream connection) => MultiplexingStream.Create(connection, new MultiplexingStream.Options
    {
        // The first version with seeded channels, and the last that needs no handshake of its own.
        ProtocolMajorVersion = 3,
        SeededChannels = { new MultiplexingStream.ChannelOptions(), new MultiplexingStream.ChannelOptions() },
    });

    /// <summary>JSON-RPC on a seeded channel; not listening yet.</summary>
    public static JsonRpc CreateRpc(MultiplexingStream stream, ulong channel) =>
        new(new LengthHeaderMessageHandler(stream.AcceptChannel(channel), EngineFormat.CreateFormatter()));
}
