using System.Text.Json;

namespace GptOss.CodeAssist.Models;

/// <summary>The folder of fetched models: <c>OWNER/REPO/FILE.gguf</c>, with a note beside each model's first file that says what it is and what its hashes are.</summary>
/// <remarks>A model is there when its note is; the note is written last. May be used by several processes at once.</remarks>
/// <param name="folder">Full path; need not exist.</param>
public sealed class ModelStore(string folder)
{
    private const string NoteEnding = ".model.json";

    public string Folder => folder;

    /// <summary>The models that are whole, by name. A note that cannot be read, or whose files are gone, is no model.</summary>
    public IReadOnlyList<StoredModel> List() => !Directory.Exists(folder)
        ? []
        : [.. Directory.EnumerateFiles(folder, "*" + NoteEnding, new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })
            .Select(ReadNote).OfType<StoredModel>().Where(model => model.Files.All(file => File.Exists(PathOf(model, file)))).OrderBy(model => model.Name, StringComparer.Ordinal)];

    /// <summary>Null where it was not fetched.</summary>
    public StoredModel? Find(string name) => List().FirstOrDefault(model => model.Name == name);

    /// <summary>Full path of the file that is loaded; llama.cpp finds further parts beside it.</summary>
    public string PathOf(StoredModel model) => PathOf(model, model.Files[0]);

    /// <summary>Full path of one file.</summary>
    public string PathOf(StoredModel model, ModelFile file) => PathOf(model.Repository, file);

    internal string PathOf(string repository, ModelFile file) => Path.Combine([folder, .. repository.Split('/'), .. file.Path.Split('/')]);

    /// <summary>Forgets a model and deletes its files, and folders that are empty then; what a broken-off download left is deleted too.</summary>
    /// <returns>Bytes that are free again.</returns>
    /// <exception cref="IOException">A file is in use.</exception>
    public long Remove(ModelSource source)
    {
        if (!Directory.Exists(Path.GetDirectoryName(NoteOf(source.Repository, source.Files[0]))))
        {
            return 0;
        }

        // The note goes first: without it there is no model, whatever happens to the rest.
        File.Delete(NoteOf(source.Repository, source.Files[0]));
        var freed = 0L;
        foreach (var path in source.Files.Select(file => PathOf(source.Repository, file)).SelectMany(path => new[] { path, path + Download.FileDownload.PartialEnding, path + Download.ChunkMap.Ending }))
        {
            if (new FileInfo(path) is { Exists: true } file)
            {
                freed += file.Length;
                file.Delete();
            }
        }

        RemoveEmpty(Path.GetDirectoryName(PathOf(source.Repository, source.Files[0])));
        return freed;
    }

    /// <summary>Writes a model down, when all its files are in their places.</summary>
    internal void Add(StoredModel model)
    {
        var note = NoteOf(model.Repository, model.Files[0]);
        var temporary = $"{note}.{Environment.ProcessId}";
        File.WriteAllText(temporary, JsonSerializer.Serialize(model, StoredModelJson.Default.StoredModel));
        File.Move(temporary, note, overwrite: true);
    }

    private string NoteOf(string repository, ModelFile first) => PathOf(repository, first) + NoteEnding;

    private StoredModel? ReadNote(string path)
    {
        try
        {
            var model = JsonSerializer.Deserialize(File.ReadAllText(path), StoredModelJson.Default.StoredModel);
            return model is { Files.IsDefaultOrEmpty: false } && NoteOf(model.Repository, model.Files[0]) == path ? model : null;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void RemoveEmpty(string? inner)
    {
        while (inner is not null && inner.Length > folder.Length && Directory.Exists(inner) && !Directory.EnumerateFileSystemEntries(inner).Any())
        {
            Directory.Delete(inner);
            inner = Path.GetDirectoryName(inner);
        }
    }
}
