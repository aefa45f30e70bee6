namespace GptOss.CodeAssist.CSharpContext.Workspace;

/// <summary>The kinds of target framework, least preferred first.</summary>
internal enum FrameworkFamily
{
    /// <summary>.NET Framework.</summary>
    Framework,

    /// <summary>.NET Standard.</summary>
    Standard,

    /// <summary>.NET Core and .NET 5 or newer.</summary>
    Core,
}
