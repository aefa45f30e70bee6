using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using GptOss.CodeAssist.Inference;
using StreamJsonRpc;

namespace GptOss.CodeAssist.EngineDaemon.Contract;

/// <summary>The engine interface's own records as JSON. Both ends are of the same build, so that no second set of records is needed.</summary>
internal static class EngineFormat
{
    private static readonly JsonSerializerOptions Settings = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // A probability may be unknown.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        // The transport brings its own records, and the streams of ours that it wraps.
        TypeInfoResolver = JsonTypeInfoResolver.Combine(EngineJson.Default.WithAddedModifier(AddFamilies).WithAddedModifier(LeaveOutGuides), new DefaultJsonTypeInfoResolver()),
        Converters = { new ConstraintConverter() },
    };

    public static SystemTextJsonFormatter CreateFormatter() => new() { JsonSerializerOptions = new JsonSerializerOptions(Settings) };

    /// <summary>Closed families are told apart by the name of the case.</summary>
    private static void AddFamilies(JsonTypeInfo type)
    {
        if (type.Type == typeof(GenerationEvent) || type.Type == typeof(EngineStatus) || type.Type == typeof(PromptPart))
        {
            type.PolymorphismOptions = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = "is" };
            foreach (var member in type.Type.GetNestedTypes().Where(nested => nested.IsSubclassOf(type.Type)))
            {
                type.PolymorphismOptions.DerivedTypes.Add(new JsonDerivedType(member, member.Name));
            }
        }
    }

    /// <summary>A guide stays with its client and is asked from there.</summary>
    private static void LeaveOutGuides(JsonTypeInfo type)
    {
        if (type.Type == typeof(GenerationRequest))
        {
            foreach (var property in type.Properties.Where(property => property.PropertyType == typeof(IGenerationGuide)))
            {
                property.ShouldSerialize = (_, _) => false;
            }
        }
    }
}
