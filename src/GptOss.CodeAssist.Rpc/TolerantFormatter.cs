using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace GptOss.CodeAssist.Rpc;

/// <summary>StreamJsonRpc's JSON formatter, with one kind of exception for everything that a bad message can cause.</summary>
internal sealed class TolerantFormatter : SystemTextJsonFormatter, IJsonRpcMessageTextFormatter
{
    /// <summary>All that goes in and out is JSON already (<see cref="RpcTarget"/>); reflection, which takes long to begin, is for what StreamJsonRpc itself may want.</summary>
    public TolerantFormatter() => JsonSerializerOptions = new JsonSerializerOptions
    {
        TypeInfoResolver = JsonTypeInfoResolver.Combine(RpcJson.Default, new DefaultJsonTypeInfoResolver()),
    };

    // Implemented anew, not overridden: the base's methods are not virtual, and the message handler calls through the interface.
    JsonRpcMessage IJsonRpcMessageTextFormatter.Deserialize(ReadOnlySequence<byte> contentBuffer, Encoding encoding)
    {
        try
        {
            return Deserialize(contentBuffer, encoding);
        }
#pragma warning disable CA1031 // Which exceptions bad JSON, an id of a wrong type or a missing member cause is the base's secret; all mean the same.
        catch (Exception cause)
#pragma warning restore CA1031
        {
            throw new MalformedMessageException($"{cause.Message} (in {contentBuffer.Length} bytes)", cause);
        }
    }
}
