using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace GptOss.CodeAssist.Protocol;

/// <summary>Reads a document's text exactly, half surrogate pairs included.</summary>
/// <remarks>
/// An edit may cut a pair in two, and JavaScript clients then write <c>"\ud83d"</c>, which <see cref="Utf8JsonReader.GetString"/> refuses.
/// To refuse the edit would leave the server with another text than the editor's, and every later position wrong.
/// </remarks>
internal sealed class DocumentTextConverter : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException("A document's text must be a string.");
        }

        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Unescape(Encoding.UTF8.GetString(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan));
        }
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    /// <summary>The reader has checked the escapes' form already.</summary>
    private static string Unescape(string escaped)
    {
        var text = new StringBuilder(escaped.Length);
        for (var at = 0; at < escaped.Length; at++)
        {
            if (escaped[at] != '\\')
            {
                text.Append(escaped[at]);
                continue;
            }

            at++;
            text.Append(escaped[at] switch
            {
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => (char)ushort.Parse(escaped.AsSpan(at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                var itself => itself,
            });
            at += escaped[at] == 'u' ? 4 : 0;
        }

        return text.ToString();
    }
}
