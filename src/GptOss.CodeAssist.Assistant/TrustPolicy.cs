namespace GptOss.CodeAssist.Assistant;

/// <summary>Whether MSBuild may load projects, which runs code of the repository's build.</summary>
public enum TrustPolicy
{
    /// <summary>The person is asked, once a folder.</summary>
    Ask,

    /// <summary>Every folder is trusted.</summary>
    Always,

    /// <summary>None is, and nobody is asked: projects are read from their files alone.</summary>
    Never,
}
