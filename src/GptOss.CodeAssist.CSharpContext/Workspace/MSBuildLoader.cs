using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace GptOss.CodeAssist.CSharpContext.Workspace;

internal static class MSBuildLoader
{
    public static Task<IReadOnlyList<ProjectDescription>?> LoadAsync(ImmutableArray<string> folders, ImmutableArray<ProjectDescription> quick, ILogger logger, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ProjectDescription>?>(null);
}
