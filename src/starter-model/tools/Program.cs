using System.CommandLine;
using GptOss.CodeAssist.StarterModel;

#pragma warning disable RS0030 // No protocol here: the table is what stdout is for.
var output = Console.Out;
#pragma warning restore RS0030

var corpus = new Argument<string>("corpus") { Description = "JSON lines with r, p, t: repository, path, text; '-' reads standard input." };
var folder = new Argument<string>("folder") { Description = "Where the prepared files go." };
var vocabulary = new Option<int>("--vocabulary") { Description = "Tokens of o200k chosen by frequency.", DefaultValueFactory = _ => 10_000 };
var heldOut = new Option<string[]>("--hold-out") { Description = "Repositories that are kept from training.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
var prepare = new Command("prepare", "Prunes the vocabulary and finds holes and related types.") { corpus, folder, vocabulary, heldOut };
prepare.SetAction(arguments => Preparation.Run(
    arguments.GetRequiredValue(corpus), arguments.GetRequiredValue(folder), arguments.GetValue(vocabulary), arguments.GetValue(heldOut)!, Console.Error));

var prepared = new Argument<string>("folder") { Description = "The prepared files." };
var models = new Argument<string[]>("models") { Description = "GGUF files.", Arity = ArgumentArity.ZeroOrMore };
var carets = new Option<int>("--carets") { DefaultValueFactory = _ => 1_000 };
var seed = new Option<int>("--seed") { DefaultValueFactory = _ => 1 };
var lines = new Option<bool>("--lines") { Description = "Carets at the first token of a line: the whole line is asked for." };
var baseline = new Option<bool>("--baseline") { Description = "Also train and ask the order-6 n-gram model." };
var evaluate = new Command("evaluate", "Measures models on the repositories that were held out.") { prepared, models, carets, seed, lines, baseline };
evaluate.SetAction((arguments, cancellationToken) => Evaluation.RunAsync(
    arguments.GetRequiredValue(prepared), arguments.GetValue(models)!, arguments.GetValue(carets), arguments.GetValue(seed), arguments.GetValue(lines), arguments.GetValue(baseline), output, cancellationToken));

return new RootCommand("Makes and measures the starter model.") { prepare, evaluate }.Parse(args).Invoke();
