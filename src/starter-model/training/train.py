"""Trains the starter model; goes on from its last checkpoint when it was stopped.

python train.py DATA OUT [--steps N] [--batch N] … ; python train.py DATA OUT --probe measures speed and memory and checks
the GPU's attention against the plain one.
"""

import argparse
import gc
import json
import math
import os
import time

import torch
import torch.nn.functional as F

from data import CODE, MIDDLE, Corpus, Rows, Vocabulary
import model
from model import Model, Shape, block_masks, dense_masks


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("out")
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--batch", type=int, default=64, help="rows a step")
    parser.add_argument("--pieces", type=int, default=1, help="forward and backward passes a step")
    parser.add_argument("--length", type=int, default=2048, help="tokens a row")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--decay", type=float, default=0.1, help="weight decay")
    parser.add_argument("--warmup", type=int, default=300)
    parser.add_argument("--cooldown", type=float, default=0.45, help="share of the steps in which the rate falls to nothing")
    parser.add_argument("--balance", type=float, default=0.01)
    parser.add_argument("--fim", type=float, default=0.9, help="share of examples with a hole")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=max(1, (os.cpu_count() or 2) - 2))
    parser.add_argument("--save", type=int, default=1000, help="steps between checkpoints")
    parser.add_argument("--check", type=int, default=500, help="steps between looks at held-out code")
    parser.add_argument("--probe", action="store_true")
    for name, value in (("width", 512), ("layers", 8), ("heads", 8), ("experts", 4), ("expert-width", 384)):
        parser.add_argument("--" + name, type=int, default=value)
    parser.add_argument("--dropout", type=float, default=0.1)
    return parser.parse_args()


def rate_at(step, options):
    falling = max(1, int(options.steps * options.cooldown))
    return options.rate * min(1.0, (step + 1) / options.warmup, max(0.01, (options.steps - step) / falling))


class Trainer:
    def __init__(self, options):
        self.options = options
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        torch.manual_seed(options.seed)
        torch.set_float32_matmul_precision("high")
        self.vocabulary = Vocabulary(os.path.join(options.data, "vocabulary.tiktoken"))
        self.shape = Shape(
            self.vocabulary.size, options.width, options.layers, options.heads, experts=options.experts,
            expert_width=options.expert_width, context=options.length, dropout=options.dropout)
        self.model = Model(self.shape).to(self.device)
        self.masks = block_masks if self.device == "cuda" else dense_masks
        self.parameters = sum(parameter.numel() for parameter in self.model.parameters())
        matrices = [parameter for parameter in self.model.parameters() if parameter.dim() >= 2]
        others = [parameter for parameter in self.model.parameters() if parameter.dim() < 2]
        self.optimizer = torch.optim.AdamW(
            [dict(params=matrices, weight_decay=options.decay), dict(params=others, weight_decay=0.0)],
            lr=options.rate, betas=(0.9, 0.95), **({"fused": True} if self.device == "cuda" else {}))
        self.forward = self.score
        if self.device == "cuda":
            self.forward = torch.compile(self.score, dynamic=False)
            model.create_block_mask = torch.compile(model.create_block_mask, dynamic=False)
        self.step = 0

    def score(self, tokens, weights, masks):
        """The weighted mean cross-entropy to train on, the sums that report it, and the load balance."""
        logits, balance = self.model(tokens[:, :-1], masks)
        losses = F.cross_entropy(logits.float().flatten(0, 1), tokens[:, 1:].flatten().long(), reduction="none")
        wanted = weights[:, 1:].flatten()
        return (losses * wanted).sum() / wanted.sum(), balance, losses

    def prepare(self, batch):
        tokens, weights, owners = (part.to(self.device, non_blocking=True) for part in batch)
        return tokens, weights, self.masks(owners[:, :-1].contiguous(), self.shape.window)

    def train_step(self, batches):
        self.model.train()
        rate = rate_at(self.step, self.options)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        total = 0.0
        for _ in range(self.options.pieces):
            loss, balance, _ = self.forward(*self.prepare(next(batches)))
            ((loss + self.options.balance * balance) / self.options.pieces).backward()
            total += loss.detach() / self.options.pieces
        norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.step += 1
        return total, balance.detach(), norm, rate

    def look(self, batches):
        """Cross-entropy (nats a token) on held-out rows: of code, and of what fills holes."""
        self.model.eval()
        sums = {"code": [0.0, 0], "middle": [0.0, 0]}
        with torch.no_grad():
            for batch in batches:
                _, _, losses = self.forward(*self.prepare(batch))
                weights = batch[1][:, 1:].flatten().to(losses.device)
                for name, weight in (("code", CODE), ("middle", MIDDLE)):
                    sums[name][0] += losses[weights == weight].sum().item()
                    sums[name][1] += (weights == weight).sum().item()
        return {name: value / max(1, count) for name, (value, count) in sums.items()}

    def save(self, path):
        state = {"model": self.model.state_dict(), "optimizer": self.optimizer.state_dict(), "step": self.step, "shape": self.shape.as_dict()}
        torch.save(state, path + ".part")
        os.replace(path + ".part", path)

    def resume(self, path):
        if os.path.exists(path):
            state = torch.load(path, map_location=self.device)
            self.model.load_state_dict(state["model"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.step = state["step"]


def probe(trainer, batches):
    """Speed, memory, and the difference between this device's attention and the plain one."""
    options, batch = trainer.options, next(batches)
    if trainer.device == "cuda":
        trainer.model.eval()
        few = [part[:2] for part in batch]
        with torch.no_grad():
            fast = trainer.model(few[0][:, :-1].cuda(), trainer.prepare(few)[2])[0].float()
            plain = trainer.model(few[0][:, :-1].cuda(), dense_masks(few[2][:, :-1].cuda(), trainer.shape.window))[0].float()
        print(f"attention differs by {(fast - plain).abs().max().item():.4f} at most, {(fast - plain).norm() / plain.norm():.5f} relative", flush=True)
        for name in ("first", "second", "third", "fourth"):
            torch.cuda.synchronize()
            began = time.time()
            trainer.prepare(next(batches))
            torch.cuda.synchronize()
            print(f"{name} batch and masks {(time.time() - began) * 1000:.1f} ms", flush=True)
    began = time.time()
    for count in range(25):
        if count == 5:
            if trainer.device == "cuda":
                torch.cuda.synchronize()
            print(f"first 5 steps {time.time() - began:.1f} s", flush=True)
            began = time.time()
        loss, balance, norm, _ = trainer.train_step(batches)
    print(f"loss {loss.item():.3f} balance {balance.item():.3f} norm {norm.item():.2f}")
    seconds = time.time() - began
    tokens = 20 * options.batch * options.pieces * options.length
    print(f"{tokens / seconds:,.0f} tokens/s, {seconds / 20 * 1000:.0f} ms a step", flush=True)
    if trainer.device == "cuda":
        print(f"{torch.cuda.max_memory_allocated() / 2**30:.1f} GiB at most", flush=True)


def main():
    options = parse()
    os.makedirs(options.out, exist_ok=True)
    checkpoint, began = os.path.join(options.out, "checkpoint.pt"), time.time()
    trainer = Trainer(options)
    trainer.resume(checkpoint)
    print(f"{trainer.parameters / 1e6:.2f} million parameters, vocabulary {trainer.vocabulary.size:,}, on {trainer.device}, from step {trainer.step}", flush=True)

    held = Rows(Corpus(options.data, "held", trainer.vocabulary), options.batch, options.length, options.fim, 99)
    held = [batch for batch, _ in zip(iter(held), range(2))]
    rows = Rows(Corpus(options.data, "train", trainer.vocabulary), options.batch, options.length, options.fim, options.seed, trainer.step)
    gc.freeze()  # Else every worker would copy the corpus when it first counts references.
    batches = iter(torch.utils.data.DataLoader(
        rows, batch_size=None, num_workers=options.workers, pin_memory=trainer.device == "cuda", **({"prefetch_factor": 4} if options.workers else {})))
    print(f"data ready after {time.time() - began:.1f} s", flush=True)
    if options.probe:
        probe(trainer, batches)
        return

    began, first = time.time(), trainer.step
    with open(os.path.join(options.out, "log.jsonl"), "a") as log:
        while trainer.step < options.steps:
            loss, balance, norm, rate = trainer.train_step(batches)
            if trainer.step % 50 == 0 or trainer.step == options.steps:
                seconds = time.time() - began
                entry = {
                    "step": trainer.step, "loss": round(loss.item(), 4), "balance": round(balance.item(), 3), "norm": round(norm.item(), 3), "rate": rate,
                    "tokensPerSecond": round((trainer.step - first) * options.batch * options.pieces * options.length / seconds), "seconds": round(seconds, 1)}
                if trainer.step % options.check == 0 or trainer.step == options.steps:
                    entry["held"] = {name: round(value, 4) for name, value in trainer.look(held).items()}
                print(json.dumps(entry), flush=True)
                log.write(json.dumps(entry) + "\n")
                log.flush()
            if trainer.step % options.save == 0 or trainer.step == options.steps:
                trainer.save(checkpoint)
    half = {name: value.half() for name, value in trainer.model.state_dict().items()}
    torch.save({"model": half, "shape": trainer.shape.as_dict()}, os.path.join(options.out, "final.pt"))
    print("done", flush=True)


if __name__ == "__main__":
    main()
