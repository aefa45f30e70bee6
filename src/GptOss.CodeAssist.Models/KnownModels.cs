using System.Collections.Immutable;

namespace GptOss.CodeAssist.Models;

/// <summary>The models that have short names, each pinned to a commit and the SHA-256 of every file.</summary>
/// <remarks>Sizes and hashes are those of the Hub's LFS objects, compared with what independent projects measured after downloading them.</remarks>
public static class KnownModels
{
    public static ImmutableArray<ModelSource> All { get; } =
    [
        new("gpt-oss-20b", "ggml-org/gpt-oss-20b-GGUF", "ef9b12f2ff56c69cf32153a02784e7a3c88bf524",
        [
            new("gpt-oss-20b-MXFP4.gguf", 12_109_566_624, "27cd6c432c7672cb812a92f611cf3ba7bbc35928262bb1e1253ff4ee6ae35901"),
        ]),
        new("gpt-oss-120b", "ggml-org/gpt-oss-120b-GGUF", "d932fcea62f83e088d8f076a2cd2d7eb02dfa682",
        [
            new("gpt-oss-120b-mxfp4-00001-of-00003.gguf", 12_980_384, "e2865eb6c1df7b2ffbebf305cd5d9074d5ccc0fe3b862f98d343a46dad1606f9"),
            new("gpt-oss-120b-mxfp4-00002-of-00003.gguf", 31_738_487_200, "346492f65891fb27cac5c74a8c07626cbfeb4211cd391ec4de37dbbe3109a93b"),
            new("gpt-oss-120b-mxfp4-00003-of-00003.gguf", 31_635_878_880, "66dca81040933f5a49177e82c479c51319cefb83bd22dad9f06dad45e25f1463"),
        ]),
    ];

    /// <summary>Null where no known model has that name.</summary>
    public static ModelSource? Find(string name) => All.FirstOrDefault(model => model.Name == name);
}
