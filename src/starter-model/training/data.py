"""Training examples from the prepared files: plain text, and holes to fill in, in the order suffix, prefix, middle."""

import base64
import bisect
import json
import lzma
import math
import os
import random

import numpy as np
import torch

SPECIAL = [
    "<|startoftext|>", "<|endoftext|>", "<|return|>", "<|constrain|>", "<|channel|>", "<|start|>", "<|end|>", "<|message|>",
    "<|call|>", "<|endofprompt|>", "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|fim_pad|>",
]

# o200k's pattern: what is one pre-token.
PATTERN = "|".join([
    r"""[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?""",
    r"""[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?""",
    r"""\p{N}{1,3}""",
    r""" ?[^\s\p{L}\p{N}]+[\r\n/]*""",
    r"""\s*[\r\n]+""",
    r"""\s+(?!\S)""",
    r"""\s+""",
])

# Weights of the loss, by what a token is.
HEADER, SUFFIX, CODE, MIDDLE = 0.25, 0.5, 1.0, 4.0

MAX_PREFIX, MAX_SUFFIX, MAX_MIDDLE = 1200, 300, 256
MAX_HEALED_TOKENS, MAX_HEALED_BYTES = 4, 64
CHARACTERS_PER_TOKEN = 4.6


class Vocabulary:
    """The pruned vocabulary, and which endings of a text the program will heal."""

    def __init__(self, path):
        with open(path) as lines:
            self.tokens = [base64.b64decode(line.split()[0]) for line in lines]
        self.special = {name: len(self.tokens) + index for index, name in enumerate(SPECIAL)}
        self.size = (len(self.tokens) + len(SPECIAL) + 63) // 64 * 64
        self._beginnings = {token[:length] for token in self.tokens for length in range(1, len(token))}
        import tiktoken
        self._encoding = tiktoken.Encoding(
            "starter", pat_str=PATTERN, mergeable_ranks={token: rank for rank, token in enumerate(self.tokens)}, special_tokens={})

    def encode(self, text):
        return self._encoding.encode_ordinary(text)

    def count_healable(self, tokens):
        """How many tokens at the end the program takes back: the longest tail whose bytes begin a longer token."""
        tail, healable = b"", 0
        for count in range(1, min(MAX_HEALED_TOKENS, len(tokens)) + 1):
            tail = self.tokens[tokens[-count]] + tail
            if len(tail) > MAX_HEALED_BYTES:
                break
            if tail in self._beginnings:
                healable = count
        return healable


class Document:
    """One file with its holes (kind, start, end) and its mentions of types that other files declare (place, outline)."""

    def __init__(self, record):
        self.path, self.text = record["p"], record["t"]
        flat, self.holes, place = record["h"], [], 0
        for index in range(0, len(flat), 3):
            place += flat[index + 1]
            self.holes.append((flat[index], place, place + flat[index + 2]))
        flat, self.mentions, place = record["o"], [], 0
        for index in range(0, len(flat), 2):
            place += flat[index]
            self.mentions.append((place, flat[index + 1]))


def read_lines(path):
    return lzma.open(path + ".xz", "rt", encoding="utf-8") if os.path.exists(path + ".xz") else open(path, encoding="utf-8")


class Corpus:
    def __init__(self, folder, part, vocabulary):
        self.vocabulary = vocabulary
        with read_lines(os.path.join(folder, "outlines.jsonl")) as lines:
            self.outlines = [json.loads(line) for line in lines]
        with read_lines(os.path.join(folder, part + ".jsonl")) as lines:
            self.documents = [Document(json.loads(line)) for line in lines]
        # A file is drawn as often as it is long, up to a bound, so that every place has its turn.
        lengths = np.minimum([len(document.text) for document in self.documents], 30_000).astype(np.float64)
        self._shares = np.cumsum(lengths / lengths.sum())

    def draw(self, generator):
        return self.documents[min(bisect.bisect(self._shares, generator.random()), len(self.documents) - 1)]


def line_start(text, place):
    """The first line start at or after a place."""
    if place <= 0:
        return 0
    found = text.find("\n", place - 1)
    return len(text) if found < 0 else found + 1


def choose_hole(document, generator):
    """A hole's start and end: the rest of a line, a piece of syntax, a few lines, or anything."""
    text, choice = document.text, generator.random()
    if choice < 0.45 and document.holes:
        kind, start, end = generator.choice(document.holes)
        if generator.random() < 0.4:
            # The caret comes later in the hole, as after some typing.
            start = generator.randrange(start, end)
        return start, end
    place = generator.randrange(len(text))
    end = text.find("\n", place)
    end = len(text) if end < 0 else end
    if choice < 0.8:
        if generator.random() < 0.15:
            # A line of its own: the caret stands in the indentation.
            begin = text.rfind("\n", 0, place) + 1
            place = begin + len(text[begin:end]) - len(text[begin:end].lstrip(" "))
        return place, end
    if choice < 0.92:
        for _ in range(generator.randrange(1, 7)):
            following = text.find("\n", end + 1)
            end = len(text) if following < 0 else following
        return place, end
    return place, min(len(text), place + 1 + int(generator.expovariate(1 / 60)))


def write_header(corpus, document, start, end, budget, generator):
    """Comment lines before the code, as the assistant writes them: outlines of related types, and the file's path."""
    lines = []
    if document.mentions and generator.random() < 0.6:
        low, high = bisect.bisect(document.mentions, (start - 2_500, -1)), bisect.bisect(document.mentions, (end + 600, -1))
        near = [mention for mention in document.mentions[low:high] if not start <= mention[0] < end]
        near.sort(key=lambda mention: abs(mention[0] - start))
        chosen, left = [], budget
        for _, outline in near:
            text = "// " + corpus.outlines[outline]
            if outline in chosen or generator.random() < 0.15:
                continue
            left -= len(text) / 4
            if left < 0 or len(chosen) == 8:
                break
            chosen.append(outline)
            lines.append(text)
    if generator.random() < 0.75:
        lines.append("// File: " + document.path)
    return corpus.vocabulary.encode("\n".join(lines) + "\n") if lines else []


def fim_example(corpus, generator, room):
    """Tokens and their weights: <|fim_suffix|> S <|fim_prefix|> P <|fim_middle|> M <|endoftext|>."""
    vocabulary = corpus.vocabulary
    document = corpus.draw(generator)
    while len(document.text) < 40:
        document = corpus.draw(generator)
    text = document.text
    start, end = choose_hole(document, generator)
    prefix_budget = int(min(MAX_PREFIX, math.exp(generator.uniform(math.log(30), math.log(MAX_PREFIX * 1.3))), room * 0.7))
    suffix_budget = 0 if generator.random() < 0.1 else int(min(MAX_SUFFIX, math.exp(generator.uniform(math.log(10), math.log(MAX_SUFFIX * 1.3))), room * 0.2))

    header = write_header(corpus, document, start, end, min(400, prefix_budget // 2), generator)
    begin = line_start(text, start - int(prefix_budget * CHARACTERS_PER_TOKEN))
    begin = max(0, text.rfind("\n", 0, start) + 1) if begin > start else begin
    prefix = vocabulary.encode(text[begin:start])
    middle_text = text[start:end]
    if generator.random() < 0.9:
        healed = vocabulary.count_healable(prefix)
        if healed:
            taken = b"".join(vocabulary.tokens[token] for token in prefix[-healed:])
            try:
                middle_text = taken.decode("utf-8") + middle_text
                prefix = prefix[:-healed]
            except UnicodeDecodeError:
                pass
    prefix = header + prefix[-prefix_budget:]
    suffix = vocabulary.encode(text[end:end + int(suffix_budget * 8)])[:suffix_budget]
    middle = vocabulary.encode(middle_text)
    middle = middle[:MAX_MIDDLE] if len(middle) > MAX_MIDDLE else middle + [vocabulary.special["<|endoftext|>"]]
    special = vocabulary.special
    tokens = [special["<|fim_suffix|>"], *suffix, special["<|fim_prefix|>"], *prefix, special["<|fim_middle|>"], *middle]
    # The weight is that of the token as something to predict; the markers come from the program.
    weights = [0.0] + [SUFFIX] * len(suffix) + [0.0] + [HEADER] * len(header) + [CODE] * (len(prefix) - len(header)) + [0.0] + [MIDDLE] * len(middle)
    return tokens, weights


def plain_example(corpus, generator, room):
    vocabulary = corpus.vocabulary
    document = corpus.draw(generator)
    text = document.text
    begin = 0 if len(text) < room * 3 or generator.random() < 0.4 else line_start(text, generator.randrange(len(text) // 2 + 1))
    header = write_header(corpus, document, begin, begin + 1_500, min(300, room // 4), generator) if room > 200 else []
    code = vocabulary.encode(text[begin:begin + room * 8])
    ends = begin + room * 8 >= len(text)
    tokens = [vocabulary.special["<|startoftext|>"], *header, *code] + ([vocabulary.special["<|endoftext|>"]] if ends else [])
    weights = [0.0] + [HEADER] * len(header) + [CODE] * (len(tokens) - 1 - len(header))
    return tokens[:room], weights[:room]


def write_row(corpus, generator, length, fim_share):
    """One row: tokens [length + 1], weights [length + 1], and the number of the example that each token is of."""
    tokens, weights, owners, number = [], [], [], 0
    while len(tokens) < length + 1:
        room = length + 1 - len(tokens)
        if room > 200 and generator.random() < fim_share:
            new, weight = fim_example(corpus, generator, room)
            if len(new) > room:
                continue
        else:
            new, weight = plain_example(corpus, generator, room)
        tokens += new
        weights += weight
        owners += [number] * len(new)
        number += 1
    return np.array(tokens, np.int32), np.array(weights, np.float32), np.array(owners, np.int32)


class Rows(torch.utils.data.IterableDataset):
    """An endless stream of batches, the same for the same seed, worker count and first step."""

    def __init__(self, corpus, batch, length, fim_share, seed, first_step=0):
        self.corpus, self.batch, self.length, self.fim_share, self.seed, self.first_step = corpus, batch, length, fim_share, seed, first_step

    def __iter__(self):
        worker = torch.utils.data.get_worker_info()
        generator = random.Random(f"{self.seed}/{self.first_step}/{worker.id if worker else 0}")
        while True:
            rows = [write_row(self.corpus, generator, self.length, self.fim_share) for _ in range(self.batch)]
            yield tuple(torch.from_numpy(np.stack(part)) for part in zip(*rows))
