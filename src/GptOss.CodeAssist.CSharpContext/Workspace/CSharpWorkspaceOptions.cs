namespace GptOss.CodeAssist.CSharpContext.Workspace;

/// <summary>How a workspace is opened.</summary>
public sealed record CSharpWorkspaceOptions
{
    /// <summary>Whether MSBuild may load the projects, which runs code of theirs. The caller asks the user once a folder.</summary>
    public bool IsTrusted { get; init; }

    /// <summary>Cancelled by a person who does not want to wait for MSBuild: what the project files alone say stays.</summary>
    public CancellationToken MSBuildUnwanted { get; init; }

    /// <summary>How long typing must rest before declarations are bound anew.</summary>
    public TimeSpan QuietTime { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Files above this size, in bytes, are generated or data; they are not read.</summary>
    public long MaximumFileSize { get; init; } = 2_000_000;

    /// <summary>The .NET installation, or null to look for it.</summary>
    public string? DotnetFolder { get; init; }

    /// <summary>NuGet's global packages folder, or null for the usual one.</summary>
    public string? PackageFolder { get; init; }
}
