namespace GptOss.CodeAssist.Inference.Llama.Sampling;

/// <summary>A chosen token and the natural logarithm of the probability that the unconstrained model gave it.</summary>
internal readonly record struct SampledToken(int Token, float LogProbability);
