"""The gpt-oss architecture at a small size: exactly the graph that llama.cpp evaluates for a GGUF file of this architecture."""

import math
from dataclasses import asdict, dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F

try:
    from torch.nn.attention.flex_attention import create_block_mask, flex_attention
except ImportError:  # PyTorch before 2.5: attention over dense masks, on the CPU.
    create_block_mask = flex_attention = None


@dataclass
class Shape:
    vocabulary: int
    width: int = 512
    layers: int = 8
    heads: int = 8
    key_heads: int = 2
    head: int = 64
    experts: int = 4
    active: int = 2
    expert_width: int = 384
    window: int = 128
    context: int = 2048
    rope_base: float = 10_000.0
    epsilon: float = 1e-5
    dropout: float = 0.1

    as_dict = asdict


class Norm(nn.Module):
    def __init__(self, width, epsilon):
        super().__init__()
        self.weight, self.epsilon = nn.Parameter(torch.ones(width)), epsilon

    def forward(self, x):
        wide = x.float()
        return (wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + self.epsilon) * self.weight).to(x.dtype)


class Linear(nn.Linear):
    """A linear map whose master weights stay in float32."""

    def forward(self, x):
        return F.linear(x, self.weight.to(x.dtype), self.bias.to(x.dtype))


def rotate(x, cosine, sine):
    """Rotary embedding in NEOX order: the head's halves are a complex number's parts."""
    half = x.shape[-1] // 2
    a, b = x[..., :half].float(), x[..., half:].float()
    return torch.cat([a * cosine - b * sine, b * cosine + a * sine], -1).to(x.dtype)


class Attention(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        self.q = Linear(shape.width, shape.heads * shape.head)
        self.k = Linear(shape.width, shape.key_heads * shape.head)
        self.v = Linear(shape.width, shape.key_heads * shape.head)
        self.o = Linear(shape.heads * shape.head, shape.width)
        self.sinks = nn.Parameter(torch.zeros(shape.heads))

    def forward(self, x, rope, mask):
        shape = self.shape
        rows, length, _ = x.shape
        q = rotate(self.q(x).view(rows, length, shape.heads, shape.head).transpose(1, 2), *rope)
        k = rotate(self.k(x).view(rows, length, shape.key_heads, shape.head).transpose(1, 2), *rope)
        v = self.v(x).view(rows, length, shape.key_heads, shape.head).transpose(1, 2)
        if isinstance(mask, torch.Tensor):
            k, v = k.repeat_interleave(shape.heads // shape.key_heads, 1), v.repeat_interleave(shape.heads // shape.key_heads, 1)
            scores = (q @ k.transpose(-1, -2)).float() / math.sqrt(shape.head) + mask
            sinks = self.sinks.view(1, -1, 1, 1).expand(rows, -1, length, 1)
            mixed = torch.cat([scores, sinks], -1).softmax(-1)[..., :-1].to(x.dtype) @ v
        else:
            mixed, total = flex_attention(q, k, v, block_mask=mask, enable_gqa=True, return_lse=True)
            # A sink takes part in the softmax and gives nothing: it scales what the others give.
            mixed = mixed * torch.sigmoid(total - self.sinks.view(1, -1, 1)).unsqueeze(-1).to(mixed.dtype)
        return self.o(mixed.transpose(1, 2).reshape(rows, length, shape.heads * shape.head))


class Experts(nn.Module):
    """A mixture of experts, computed densely: every expert sees every token, and those not chosen weigh nothing."""

    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        self.router = Linear(shape.width, shape.experts)
        self.gate_up = Linear(shape.width, shape.experts * 2 * shape.expert_width)
        self.down = nn.Parameter(torch.empty(shape.experts, shape.width, shape.expert_width))
        self.down_bias = nn.Parameter(torch.zeros(shape.experts, shape.width))

    def forward(self, x):
        shape = self.shape
        logits = self.router(x).float()
        best, index = logits.topk(shape.active, -1)
        weights = torch.zeros_like(logits).scatter(-1, index, best.softmax(-1))
        both = self.gate_up(x).unflatten(-1, (shape.experts, 2, shape.expert_width))
        gate, up = both[..., 0, :].clamp(max=7.0), both[..., 1, :].clamp(-7.0, 7.0)
        active = (up + 1) * (gate * torch.sigmoid(1.702 * gate)) * weights.to(x.dtype).unsqueeze(-1)
        down = self.down.permute(0, 2, 1).reshape(-1, shape.width).to(x.dtype)
        # Load balancing (Switch Transformer, Fedus et al. 2021, eq. 4): share of tokens times mean probability, by expert.
        share = (weights > 0).float().mean((0, 1)) / shape.active
        balance = shape.experts * (share * logits.softmax(-1).mean((0, 1))).sum()
        return active.flatten(-2) @ down + weights.to(x.dtype) @ self.down_bias.to(x.dtype), balance


class Block(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.attention_norm, self.attention = Norm(shape.width, shape.epsilon), Attention(shape)
        self.experts_norm, self.experts = Norm(shape.width, shape.epsilon), Experts(shape)
        self.dropout = shape.dropout

    def forward(self, x, rope, mask):
        x = x + F.dropout(self.attention(self.attention_norm(x), rope, mask), self.dropout, self.training)
        mixed, balance = self.experts(self.experts_norm(x))
        return x + F.dropout(mixed, self.dropout, self.training), balance


class Model(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocabulary, shape.width)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.norm = Norm(shape.width, shape.epsilon)
        deep = 0.02 / math.sqrt(2 * shape.layers)
        for name, parameter in self.named_parameters():
            if name.endswith(".bias"):
                nn.init.zeros_(parameter)
            elif name.endswith(("attention.o.weight", "experts.down")):
                nn.init.normal_(parameter, std=deep)
            elif parameter.dim() >= 2 and not name.endswith("down_bias"):
                nn.init.normal_(parameter, std=0.02)
        frequencies = shape.rope_base ** (-torch.arange(0, shape.head, 2).float() / shape.head)
        angles = torch.outer(torch.arange(shape.context).float(), frequencies)
        self.register_buffer("cosine", angles.cos(), False)
        self.register_buffer("sine", angles.sin(), False)

    def forward(self, tokens, masks, dtype=torch.bfloat16):
        """Logits [rows, length, vocabulary] and the mean load-balancing loss."""
        length = tokens.shape[1]
        x = self.embedding(tokens).to(dtype)
        x = F.dropout(x, self.shape.dropout / 2, self.training)
        rope, balance = (self.cosine[:length], self.sine[:length]), 0.0
        for index, block in enumerate(self.blocks):
            x, part = block(x, rope, masks[index % 2])
            balance = balance + part / self.shape.layers
        return self.norm(x) @ self.embedding.weight.to(dtype).T, balance


def dense_masks(owners, window):
    """What each position may see, as numbers to add to its scores: within its example, up to itself; in even layers, within the window."""
    place = torch.arange(owners.shape[1], device=owners.device)
    distance = place[:, None] - place[None]
    seen = (distance >= 0) & (owners[:, :, None] == owners[:, None, :])
    wall = torch.tensor(-1e9, device=owners.device)
    return [torch.where(part, torch.zeros_like(wall), wall).unsqueeze(1) for part in (seen & (distance < window), seen)]


def block_masks(owners, window):
    """The same for flex_attention."""
    rows, length = owners.shape

    def full(b, h, q, k):
        return (q >= k) & (owners[b, q] == owners[b, k])

    def sliding(b, h, q, k):
        return (q >= k) & (q - k < window) & (owners[b, q] == owners[b, k])

    return [create_block_mask(mask, rows, None, length, length, device=owners.device) for mask in (sliding, full)]
