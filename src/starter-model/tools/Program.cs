using System.CommandLine;
using GptOss.CodeAssist.StarterModel;

var corpus = new Argument<string>("corpus") { Description = "JSON lines with r, p, t: repository, path, text; '-' reads standard input." };
var folder = new Argument<string>("folder") { Description = "Where the prepared files go." };
var vocabulary = new Option<int>("--vocabulary") { Description = "Tokens of o200k chosen by frequency.", DefaultValueFactory = _ => 10_000 };
var heldOut = new Option<string[]>("--hold-out") { Description = "Repositories that are kept from training.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
var prepare = new Command("prepare", "Prunes the vocabulary and finds holes and related types.") { corpus, folder, vocabulary, heldOut };
prepare.SetAction(arguments => Preparation.Run(
    arguments.GetRequiredValue(corpus), arguments.GetRequiredValue(folder), arguments.GetValue(vocabulary), arguments.GetValue(heldOut)!, Console.Error));

return new RootCommand("Makes and measures the starter model.") { prepare }.Parse(args).Invoke();
