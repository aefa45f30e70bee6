"""Writes a trained model as a GGUF file, with its matrices as Q8_0, and the logits that llama.cpp ought to find.

python export.py DATA CHECKPOINT MODEL.gguf
"""

import json
import os
import sys

import gguf
import numpy as np
import torch
from gguf import GGMLQuantizationType, GGUFWriter

from data import MAX_PREFIX, MAX_SUFFIX, SPECIAL, Corpus, Rows, Vocabulary
from model import Model, Shape, dense_masks


def printable(token):
    """A token's bytes as the characters that GPT-2's vocabulary files have for them."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters = {byte: chr(byte) for byte in plain}
    letters.update({byte: chr(256 + index) for index, byte in enumerate(byte for byte in range(256) if byte not in letters)})
    return "".join(letters[byte] for byte in token)


def find_merges(names):
    rank = {name: index for index, name in enumerate(names)}
    merges = []
    for index, name in enumerate(names):
        for cut in range(1, len(name)):
            left, right = rank.get(name[:cut]), rank.get(name[cut:])
            if left is not None and right is not None:
                merges.append((index, left, right, f"{name[:cut]} {name[cut:]}"))
    return [merge[3] for merge in sorted(merges)]


def write_metadata(writer, shape, vocabulary):
    writer.add_name("GptOss.CodeAssist starter")
    writer.add_description("A small C# completion model of the gpt-oss architecture: fills in code at a caret, does not chat.")
    writer.add_license("apache-2.0")
    writer.add_block_count(shape.layers)
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_feed_forward_length(shape.expert_width)
    writer.add_expert_feed_forward_length(shape.expert_width)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.key_heads)
    writer.add_key_length(shape.head)
    writer.add_value_length(shape.head)
    writer.add_rope_freq_base(shape.rope_base)
    writer.add_layer_norm_rms_eps(shape.epsilon)
    writer.add_expert_count(shape.experts)
    writer.add_expert_used_count(shape.active)
    writer.add_sliding_window(shape.window)

    names = [printable(token) for token in vocabulary.tokens]
    merges, types = find_merges(names), [gguf.TokenType.NORMAL] * len(names)
    names += SPECIAL
    names += [f"<|reserved_{index}|>" for index in range(len(names), vocabulary.size)]
    types += [gguf.TokenType.CONTROL] * (len(names) - len(types))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-4o")
    writer.add_token_list(names)
    writer.add_token_types(types)
    writer.add_token_merges(merges)
    writer.add_bos_token_id(vocabulary.special["<|startoftext|>"])
    writer.add_eos_token_id(vocabulary.special["<|endoftext|>"])
    writer.add_pad_token_id(vocabulary.special["<|fim_pad|>"])
    writer.add_add_bos_token(False)
    for key, name in (("fim_pre", "<|fim_prefix|>"), ("fim_suf", "<|fim_suffix|>"), ("fim_mid", "<|fim_middle|>")):
        writer.add_uint32(f"tokenizer.ggml.{key}_token_id", vocabulary.special[name])

    writer.add_string("codeassist.prompt_style", "fim-suffix-prefix-middle")
    writer.add_bool("codeassist.chat", False)
    writer.add_string("codeassist.languages", "csharp")
    writer.add_uint32("codeassist.max_prefix_tokens", MAX_PREFIX)
    writer.add_uint32("codeassist.max_suffix_tokens", MAX_SUFFIX)


def write_tensors(writer, shape, state):
    def matrix(name, value):
        writer.add_tensor(name, gguf.quants.quantize(np.ascontiguousarray(value.float().numpy()), GGMLQuantizationType.Q8_0), raw_dtype=GGMLQuantizationType.Q8_0)

    def plain(name, value):
        writer.add_tensor(name, np.ascontiguousarray(value.float().numpy()))

    matrix("token_embd.weight", state["embedding.weight"])
    matrix("output.weight", state["embedding.weight"])
    plain("output_norm.weight", state["norm.weight"])
    for layer in range(shape.layers):
        to, at = f"blk.{layer}.", f"blocks.{layer}."
        plain(to + "attn_norm.weight", state[at + "attention_norm.weight"])
        plain(to + "post_attention_norm.weight", state[at + "experts_norm.weight"])
        for name, part in (("attn_q", "q"), ("attn_k", "k"), ("attn_v", "v"), ("attn_output", "o")):
            matrix(f"{to}{name}.weight", state[f"{at}attention.{part}.weight"])
            plain(f"{to}{name}.bias", state[f"{at}attention.{part}.bias"])
        plain(to + "attn_sinks.weight", state[at + "attention.sinks"])
        plain(to + "ffn_gate_inp.weight", state[at + "experts.router.weight"])
        plain(to + "ffn_gate_inp.bias", state[at + "experts.router.bias"])
        both = state[at + "experts.gate_up.weight"].view(shape.experts, 2, shape.expert_width, shape.width)
        biases = state[at + "experts.gate_up.bias"].view(shape.experts, 2, shape.expert_width)
        for index, name in enumerate(("gate", "up")):
            matrix(f"{to}ffn_{name}_exps.weight", both[:, index])
            plain(f"{to}ffn_{name}_exps.bias", biases[:, index])
        matrix(to + "ffn_down_exps.weight", state[at + "experts.down"])
        plain(to + "ffn_down_exps.bias", state[at + "experts.down_bias"])


def write_reference(path, folder, vocabulary, shape, state):
    """Tokens of a held-out example, and for each position the five likeliest next ones with their logits, in float32 on the CPU."""
    model = Model(shape)
    model.load_state_dict({name: value.float() for name, value in state.items()})
    model.eval()
    tokens, _, owners = next(iter(Rows(Corpus(folder, "held", vocabulary), 1, shape.context - 1, 1.0, 7)))
    length = int((owners[0] == 0).sum())
    tokens, owners = tokens[:, :length].long(), owners[:, :length]
    with torch.no_grad():
        logits, _ = model(tokens, dense_masks(owners, shape.window), torch.float32)
    best, index = logits[0].topk(5)
    reference = {"tokens": tokens[0].tolist(), "best": index.tolist(), "logits": [[round(value, 4) for value in row] for row in best.tolist()]}
    with open(path, "w") as file:
        json.dump(reference, file)


def main():
    folder, checkpoint, target = sys.argv[1:4]
    saved = torch.load(checkpoint, map_location="cpu")
    shape, state, vocabulary = Shape(**saved["shape"]), saved["model"], Vocabulary(os.path.join(folder, "vocabulary.tiktoken"))
    writer = GGUFWriter(target, "gpt-oss")
    write_metadata(writer, shape, vocabulary)
    write_tensors(writer, shape, state)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    write_reference(target + ".reference.json", folder, vocabulary, shape, state)
    print(f"{target}: {os.path.getsize(target):,} bytes")


if __name__ == "__main__":
    main()
