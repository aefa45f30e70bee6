namespace GptOss.CodeAssist.Inference.OpenAi.Connecting;

/// <summary>What went wrong between us and a server.</summary>
internal enum ServerFailure
{
    /// <summary>No connection came about, or it broke.</summary>
    Lost,

    /// <summary>It has more to do than it takes on (429).</summary>
    Busy,

    /// <summary>It is up and cannot answer yet (503, 502, 504): it loads its model, or a gateway has no server behind it.</summary>
    NotReady,

    /// <summary>It answered nothing for too long.</summary>
    Silent,

    /// <summary>It wants a key, or another one.</summary>
    KeyRefused,

    /// <summary>It has no such path or model.</summary>
    NotFound,

    /// <summary>It does not take the request.</summary>
    BadRequest,

    /// <summary>It wants us to go to another server.</summary>
    Redirected,

    /// <summary>Its answer is not what such a server answers.</summary>
    Garbled,

    /// <summary>It failed by itself (500).</summary>
    ServerError,
}
