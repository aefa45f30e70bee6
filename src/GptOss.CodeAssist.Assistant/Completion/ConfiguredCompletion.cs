using System.Collections.Concurrent;

namespace GptOss.CodeAssist.Assistant.Completion;

/// <summary>Completion as a person has set it up: the newest settings count for every request.</summary>
/// <remarks>May be called from any thread.</remarks>
/// <param name="create">Makes the completion for some options; called once for each that ever count.</param>
/// <param name="findPolicy">What counts for the document at a path; must return at once.</param>
public sealed class ConfiguredCompletion(Func<CompletionOptions, ICompletionService> create, Func<string, CompletionPolicy> findPolicy) : ICompletionService
{
    private readonly ConcurrentDictionary<CompletionOptions, Lazy<ICompletionService>> _services = new();

    public Task<CompletionAnswer> CompleteAsync(CompletionRequest request, CancellationToken cancellationToken)
    {
        var policy = findPolicy(request.Document.Path);
        if (!policy.IsEnabled && request.Trigger == CompletionTrigger.Automatic)
        {
            return Task.FromResult(CompletionAnswer.Empty(EmptyReasons.Disabled));
        }

        if (policy.DisabledLanguages.Contains(request.Document.LanguageId, StringComparer.OrdinalIgnoreCase))
        {
            return Task.FromResult(CompletionAnswer.Empty(EmptyReasons.LanguageDisabled(request.Document.LanguageId)));
        }

        return Find(policy).CompleteAsync(request, cancellationToken);
    }

    public void WarmUp(DocumentSnapshot document)
    {
        var policy = findPolicy(document.Path);
        if (policy.IsEnabled && !policy.DisabledLanguages.Contains(document.LanguageId, StringComparer.OrdinalIgnoreCase))
        {
            Find(policy).WarmUp(document);
        }
    }

    private ICompletionService Find(CompletionPolicy policy) => _services.GetOrAdd(policy.Options, options => new Lazy<ICompletionService>(() => create(options))).Value;
}
