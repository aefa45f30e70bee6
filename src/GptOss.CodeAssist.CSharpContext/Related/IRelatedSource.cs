namespace GptOss.CodeAssist.CSharpContext.Related;

/// <summary>Something that knows code related to a place.</summary>
/// <remarks>Called from any thread, several times at once.</remarks>
internal interface IRelatedSource
{
    /// <summary>Its name, for a person.</summary>
    string Name { get; }

    /// <summary>Hands over items, most wanted first.</summary>
    /// <param name="request">The place.</param>
    /// <param name="add">Takes an item; what was handed over counts even if the source never ends.</param>
    /// <param name="isLate">Whether to begin nothing more.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Why there is less than there could be, a sentence for a person; null where there is nothing to say.</returns>
    string? Find(RelatedRequest request, Action<RelatedItem> add, Func<bool> isLate, CancellationToken cancellationToken);
}
