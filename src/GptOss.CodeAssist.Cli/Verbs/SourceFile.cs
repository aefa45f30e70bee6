using System.Text;
using GptOss.CodeAssist.Assistant;
using GptOss.CodeAssist.Assistant.Completion;
using Microsoft.CodeAnalysis.Text;

namespace GptOss.CodeAssist.Cli.Verbs;

/// <summary>Reads a file that a person named on the command line, as an editor would open it.</summary>
internal static class SourceFile
{
    /// <exception cref="CommandFailure">There is no such file, or it is nothing that can be edited.</exception>
    public static DocumentSnapshot Open(string file)
    {
        var path = Path.GetFullPath(file);
        if (Directory.Exists(path))
        {
            throw CommandFailure.Usage($"{file} is a folder; name a file in it.");
        }

        if (!File.Exists(path))
        {
            throw CommandFailure.Usage($"There is no file {file}; check the path (it is looked up from where you are).");
        }

        // No character takes more than four bytes, so that a larger file has too many characters in any encoding.
        var (length, limit) = (new FileInfo(path).Length, CompletionOptions.Default.MaxDocumentCharacters);
        if (length > limit * 4)
        {
            throw CommandFailure.Failed($"{file} has {length / 1_000_000:N0} MB; files of up to {limit / 1_000_000:N0} million characters can be completed.");
        }

        try
        {
            using var stream = File.OpenRead(path);
            return new DocumentSnapshot(path, LanguageOf(path), 1, SourceText.From(stream, Encoding.UTF8, throwIfBinaryDetected: true));
        }
        catch (InvalidDataException)
        {
            throw CommandFailure.Usage($"{file} is not a text file.");
        }
    }

    /// <summary>The offset of a place in a document, in UTF-16 units.</summary>
    /// <exception cref="CommandFailure">The document has no such place.</exception>
    public static int GetOffset(DocumentSnapshot document, CaretArgument caret)
    {
        var lines = document.Text.Lines;
        if (caret.Line > lines.Count)
        {
            throw CommandFailure.Usage($"{caret.File} has {lines.Count:N0} lines, so there is no line {caret.Line:N0}.");
        }

        var line = lines[caret.Line - 1];
        var columns = line.End - line.Start + 1;
        return caret.Column <= columns
            ? line.Start + caret.Column - 1
            : throw CommandFailure.Usage($"Line {caret.Line:N0} of {caret.File} has {columns - 1:N0} characters, so that the caret can be in columns 1 to {columns:N0}, not {caret.Column:N0}.");
    }

    private static string LanguageOf(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".CS" or ".CSX" => "csharp",
        "" or ".TXT" => "plaintext",
        ".MD" => "markdown",
        ".TEX" => "latex",
        ".PY" or ".PYI" => "python",
        ".TS" or ".MTS" => "typescript",
        ".TSX" => "typescriptreact",
        ".JS" or ".MJS" or ".CJS" => "javascript",
        ".JSX" => "javascriptreact",
        ".SH" or ".BASH" or ".ZSH" => "shellscript",
        ".PS1" or ".PSM1" => "powershell",
        ".YML" => "yaml",
        ".RS" => "rust",
        ".RB" => "ruby",
        ".PL" => "perl",
        ".KT" => "kotlin",
        ".FS" or ".FSX" => "fsharp",
        ".HS" => "haskell",
        ".ML" => "ocaml",
        ".CC" or ".CXX" or ".HPP" or ".H" => "cpp",
        ".TF" => "terraform",
        var extension => extension[1..].ToLowerInvariant(),
    };
}
