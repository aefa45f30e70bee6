using System.Text;
using GptOss.CodeAssist.Assistant.CodeActions;

namespace GptOss.CodeAssist.Cli;

/// <summary>Writes edits to disk, in the encoding and with the byte order mark that a file had.</summary>
internal static class FileWriter
{
    private static readonly Encoding[] Marked = [new UTF8Encoding(true), new UTF32Encoding(false, true), new UnicodeEncoding(false, true), new UnicodeEncoding(true, true)];

    /// <exception cref="CommandFailure">The file is not as the edit found it.</exception>
    public static async Task WriteAsync(FileEdit file, CancellationToken cancellationToken)
    {
        var encoding = (Encoding)new UTF8Encoding(false);
        if (file.OldText is not null)
        {
            var bytes = await File.ReadAllBytesAsync(file.Path, cancellationToken);
            encoding = Marked.FirstOrDefault(known => bytes.AsSpan().StartsWith(known.GetPreamble())) ?? encoding;
            if (encoding.GetString(bytes, encoding.GetPreamble().Length, bytes.Length - encoding.GetPreamble().Length) != file.OldText.ToString())
            {
                throw CommandFailure.Failed($"{file.Path} has changed while the model was at work; nothing was written.");
            }
        }

        await File.WriteAllTextAsync(file.Path, file.NewText.ToString(), encoding, cancellationToken);
    }
}
