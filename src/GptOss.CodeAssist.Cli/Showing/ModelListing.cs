using System.Collections.Immutable;

namespace GptOss.CodeAssist.Cli.Showing;

/// <summary>What <c>model list --json</c> prints.</summary>
/// <param name="Folder">Where fetched models lie.</param>
internal sealed record ModelListing(string Folder, ImmutableArray<ModelListing.Entry> Models)
{
    /// <summary>One model.</summary>
    /// <param name="Name">What it is called on the command line.</param>
    /// <param name="Path">The file that is loaded; null for a known model that is not here.</param>
    /// <param name="Bytes">Bytes of all its files.</param>
    /// <param name="InUse">Whether the verbs and the server use it when nothing else is said.</param>
    internal sealed record Entry(string Name, string? Path, long Bytes, bool InUse)
    {
        /// <summary>Null where the file cannot be read.</summary>
        public string? Architecture { get; init; }

        /// <summary>The number formats of the weights, the largest share first.</summary>
        public string? Format { get; init; }

        public long? Parameters { get; init; }

        public bool? CanChat { get; init; }

        /// <summary>Why it cannot be used; null when it can, or is not here.</summary>
        public string? Problem { get; init; }
    }
}
