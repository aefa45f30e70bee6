using System.Collections.Immutable;

namespace GptOss.CodeAssist.Assistant.CodeActions;

/// <summary>Changes to code that a model writes and the compiler checks.</summary>
/// <remarks>May be called from any thread.</remarks>
public interface ICodeActionService
{
    /// <summary>Why no action could be computed now; null where one could.</summary>
    EmptyReason? Unavailable { get; }

    /// <summary>What can be done at a place, by syntax and by the problems that are known there: neither the model is asked nor the compiler waited for.</summary>
    /// <returns>Empty where the file is not C#, or the place is in no member.</returns>
    Task<ImmutableArray<CodeActionOffer>> ListAsync(CodeActionPlace place, CancellationToken cancellationToken);

    /// <summary>Asks the model for one action and checks what it wrote. A failure is a refusal with a reason, never an exception.</summary>
    /// <param name="onProgress">Told what is being done, in a few words; must return at once.</param>
    /// <exception cref="OperationCanceledException">Cancelled; nothing remains of it.</exception>
    Task<CodeActionResult> ComputeAsync(CodeActionRequest request, Action<string> onProgress, CancellationToken cancellationToken);
}
