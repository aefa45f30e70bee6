using CsCheck;
using GptOss.CodeAssist.Inference.Llama.Gguf;
using GptOss.CodeAssist.TestSupport;
using GptOss.CodeAssist.TestSupport.Models;

namespace GptOss.CodeAssist.Inference.Llama.Tests.Gguf;

public sealed class HostileModelFileTests
{
    // Many times what reading the unharmed file takes, and nothing beside what its 64-bit lengths could ask for.
    private const long MostAllocatedBytes = 4 * 1024 * 1024;

    private static readonly byte[][] Poisons =
    [
        [0xFF], [0x00], [0x80], [0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
        [0x00, 0x00, 0x00, 0x80], [0x00, 0x00, 0x40, 0x00, 0x00, 0x00, 0x00, 0x00], [0x09, 0x00, 0x00, 0x00], [0x08, 0x00, 0x00, 0x00], [0x27, 0x00, 0x00, 0x00],
    ];

    [Fact]
    public void Whatever_a_header_says_it_is_read_or_refused_and_never_takes_much_memory()
    {
        using var folder = new TemporaryFolder();
        var sound = File.ReadAllBytes(MinimalModel.Write(folder.PathOf("sound.gguf"), ("a", new[] { 1.5f, 2 }), ("general.alignment", 32u), ("split.count", (ushort)1)));
        Fuzz(folder, sound, Gen.Int[0, sound.Length - 1], iterations: 4000);
    }

    [Fact]
    public void A_damaged_small_model_is_read_or_refused_and_never_takes_much_memory()
    {
        using var folder = new TemporaryFolder();
        var path = SmallModel.GetPath(new SmallModelOptions { BaseTokens = 256, Layers = 1, Width = 32, ExpertWidth = 32 });
        var header = (int)GgufFile.Read(path).DataOffset;

        // Keys and tensors are where the structure is; most of what lies between is the vocabulary.
        var position = Gen.OneOf(Gen.Int[0, 1800], Gen.Int[header - 1800, header - 1], Gen.Int[0, header - 1]);
        Fuzz(folder, File.ReadAllBytes(path), position, iterations: 1000);
    }

    private static void Fuzz(TemporaryFolder folder, byte[] sound, Gen<int> genPosition, int iterations)
    {
        var genDamage = Gen.Select(genPosition, Gen.OneOf(Poisons)).Array[1, 3];
        var number = 0;
        Gen.Select(genDamage, Gen.Bool).Sample((damages, cut) =>
        {
            var path = folder.PathOf($"{Interlocked.Increment(ref number) % 8}-{Environment.CurrentManagedThreadId}.gguf");
            File.WriteAllBytes(path, Damage(sound, damages, cut));
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                GgufModel.Read(path);
            }
            catch (InferenceException refusal)
            {
                Assert.NotEmpty(refusal.Message);
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < MostAllocatedBytes, $"{allocated} bytes were allocated.");
        }, iter: iterations, threads: 2);
    }

    private static byte[] Damage(byte[] sound, (int Position, byte[] Poison)[] damages, bool cut)
    {
        var bytes = cut ? sound[..damages[0].Position] : sound.ToArray();
        foreach (var (position, poison) in damages)
        {
            var room = Math.Clamp(bytes.Length - position, 0, poison.Length);
            poison.AsSpan(0, room).CopyTo(bytes.AsSpan(Math.Min(position, bytes.Length)));
        }

        return bytes;
    }
}
