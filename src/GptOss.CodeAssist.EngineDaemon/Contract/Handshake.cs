using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace GptOss.CodeAssist.EngineDaemon.Contract;

/// <summary>What is said before anything else: one message each way, four bytes of length (little-endian) and UTF-8 JSON.</summary>
internal static class Handshake
{
    /// <summary>The version of what follows; raised with every change to <see cref="EngineMethods"/> or <see cref="EngineFormat"/> that an older build would not understand.</summary>
    public const int Protocol = 1;

    /// <summary>Whoever says nothing for so long is not one of us.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const int MaxBytes = 64 * 1024;

    public static async Task WriteAsync<T>(Stream stream, T message, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(message, type);
        var frame = new byte[4 + json.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, json.Length);
        json.CopyTo(frame, 4);
        await stream.WriteAsync(frame, cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    /// <summary>The peer's message, or null when it left or spoke another language.</summary>
    public static async Task<T?> FindAsync<T>(Stream stream, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            var length = new byte[4];
            await stream.ReadExactlyAsync(length, cancellationToken);
            var bytes = BinaryPrimitives.ReadInt32LittleEndian(length);
            if (bytes is <= 0 or > MaxBytes)
            {
                return null;
            }

            var json = new byte[bytes];
            await stream.ReadExactlyAsync(json, cancellationToken);
            return JsonSerializer.Deserialize(json, type);
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            return null;
        }
    }
}
