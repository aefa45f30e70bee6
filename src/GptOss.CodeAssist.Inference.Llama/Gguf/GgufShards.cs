using System.Collections.Immutable;

namespace GptOss.CodeAssist.Inference.Llama.Gguf;

/// <summary>Finds and reads every file of a model, which may be split into parts named <c>-00001-of-00003.gguf</c>.</summary>
internal static class GgufShards
{
    private const string CountKey = "split.count";
    private const string NumberKey = "split.no";
    private const string TensorsKey = "split.tensors.count";

    /// <summary>Reads the headers of all parts of the model whose first (or only) part is <paramref name="path"/>, in order.</summary>
    /// <exception cref="InferenceException">As <see cref="GgufFile.Read(string)"/>; also a part that is missing, renamed, out of place or not the first.</exception>
    public static ImmutableArray<GgufFile> Read(string path)
    {
        var first = GgufFile.Read(path);
        var count = (int)Math.Clamp(first.FindInteger(CountKey) ?? 1, 1, ushort.MaxValue);
        if (count == 1)
        {
            return [first];
        }

        var number = ReadNumber(first);
        var suffix = Suffix(number, count);
        if (!path.EndsWith(suffix, StringComparison.Ordinal))
        {
            throw GgufErrors.RenamedPart(path, number + 1, count);
        }

        var prefix = path[..^suffix.Length];
        if (number != 0)
        {
            throw GgufErrors.NotFirstPart(path, number + 1, count, prefix + Suffix(0, count));
        }

        var files = ImmutableArray.CreateBuilder<GgufFile>();
        files.Add(first);
        for (var i = 1; i < count; i++)
        {
            files.Add(ReadPart(prefix + Suffix(i, count), i, count));
        }

        var all = files.DrainToImmutable();
        RequireComplete(first, all);
        return all;
    }

    /// <summary>A model's file name without the ending that names a part.</summary>
    public static string TrimSuffix(string path, int parts)
    {
        var suffix = Suffix(0, parts);
        return parts > 1 && path.EndsWith(suffix, StringComparison.Ordinal) ? path[..^suffix.Length] : Path.ChangeExtension(path, null);
    }

    private static GgufFile ReadPart(string path, int number, int count)
    {
        if (!File.Exists(path))
        {
            throw GgufErrors.MissingPart(path, number + 1, count);
        }

        var part = GgufFile.Read(path);
        return ReadNumber(part) == number ? part : throw GgufErrors.Invalid(path, $"is part {ReadNumber(part) + 1}, where its name says {number + 1}");
    }

    // llama.cpp reads it with a function that ends the process when the type is another.
    private static int ReadNumber(GgufFile file) => file.Metadata.GetValueOrDefault(NumberKey) is GgufValue.WholeNumber { Type: GgufValueType.UInt16 } number
        ? (int)number.Value
        : throw GgufErrors.Invalid(file.Path, $"does not say which part of the model it is ('{NumberKey}')");

    private static void RequireComplete(GgufFile first, ImmutableArray<GgufFile> files)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (file, tensor) in files.SelectMany(file => file.Tensors.Select(tensor => (file, tensor))))
        {
            if (!names.Add(tensor.Name))
            {
                throw GgufErrors.Invalid(file.Path, $"has the tensor '{tensor.Name}' that another part has too");
            }
        }

        if (first.FindInteger(TensorsKey) is { } expected && expected != names.Count)
        {
            throw GgufErrors.Invalid(first.Path, $"announces {expected} tensors, where its {files.Length} parts hold {names.Count}");
        }
    }

    private static string Suffix(int number, int count) => $"-{number + 1:D5}-of-{count:D5}.gguf";
}
