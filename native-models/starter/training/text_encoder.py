"""The encoder of T5 1.1. Attribute names give the state-dict keys of transformers' T5EncoderModel, below `encoder.`; `shared` beside it."""
import math
import torch
import torch.nn.functional as F
from torch import nn

from fast_rms import rms_norm

HEAD, FARTHEST = 64, 128


class Gain(nn.Module):
    """RMS norm over the last dimension with a gain."""

    def __init__(self, width, epsilon=1e-6):
        super().__init__()
        self.weight, self.epsilon = nn.Parameter(torch.ones(width)), epsilon

    def forward(self, x):
        return rms_norm(x, self.epsilon) * self.weight.to(x.dtype)


def linear(inputs, outputs):
    return nn.Linear(inputs, outputs, bias=False)


def distance_buckets(length, buckets):
    """(length, length): near distances have a bucket each, farther ones share them logarithmically"""
    place = torch.arange(length)
    distance = place[None, :] - place[:, None]
    side, exact = buckets // 2, buckets // 4
    far = exact + (torch.log(distance.abs().clamp(min=1).float() / exact) / math.log(FARTHEST / exact) * (side - exact)).long()
    near = torch.where(distance.abs() < exact, distance.abs(), far.clamp(max=side - 1))
    return near + side * (distance > 0)


class SelfAttention(nn.Module):
    def __init__(self, width, heads, buckets):
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v = (linear(width, heads * HEAD) for _ in range(3))
        self.o = linear(heads * HEAD, width)
        if buckets: self.relative_attention_bias = nn.Embedding(buckets, heads)

    def forward(self, x, bias):
        b, n, _ = x.shape
        q, k, v = (part(x).view(b, n, self.heads, HEAD).transpose(1, 2) for part in (self.q, self.k, self.v))
        mixed = F.scaled_dot_product_attention(q, k, v, bias.to(q.dtype), scale=1.0)
        return self.o(mixed.transpose(1, 2).reshape(b, n, -1))


class Gated(nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.wi_0, self.wi_1, self.wo = linear(width, hidden), linear(width, hidden), linear(hidden, width)

    def forward(self, x):
        return self.wo(F.gelu(self.wi_0(x), approximate='tanh') * self.wi_1(x))


class AttentionPart(nn.Module):
    def __init__(self, width, heads, buckets):
        super().__init__()
        self.SelfAttention, self.layer_norm = SelfAttention(width, heads, buckets), Gain(width)

    def forward(self, x, bias):
        return x + self.SelfAttention(self.layer_norm(x), bias)


class GatedPart(nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.DenseReluDense, self.layer_norm = Gated(width, hidden), Gain(width)

    def forward(self, x):
        return x + self.DenseReluDense(self.layer_norm(x))


class Block(nn.Module):
    def __init__(self, width, heads, hidden, buckets):
        super().__init__()
        self.layer = nn.ModuleList([AttentionPart(width, heads, buckets), GatedPart(width, hidden)])


class Stack(nn.Module):
    def __init__(self, layers, width, heads, hidden, buckets):
        super().__init__()
        self.block = nn.ModuleList(Block(width, heads, hidden, buckets if i == 0 else 0) for i in range(layers))
        self.final_layer_norm = Gain(width)


class TextEncoder(nn.Module):
    def __init__(self, vocabulary, width=128, layers=2, heads=2, hidden=256, buckets=32):
        super().__init__()
        self.buckets = buckets
        self.shared = nn.Embedding(vocabulary, width)
        self.encoder = Stack(layers, width, heads, hidden, buckets)
        for name, value in self.named_parameters():
            if name.endswith('.q.weight'): nn.init.normal_(value, std=(width * HEAD) ** -0.5)

    def forward(self, ids, valid):
        """ids (B, n), valid (B, n) bool -> (B, n, width), zeros where not valid"""
        first = self.encoder.block[0].layer[0].SelfAttention.relative_attention_bias
        bias = first(distance_buckets(ids.shape[1], self.buckets)).permute(2, 0, 1)[None]  # (1, H, n, n)
        bias = bias.masked_fill(~valid[:, None, None, :], -1e4)
        x = self.shared(ids)
        for block in self.encoder.block:
            x = block.layer[1](block.layer[0](x, bias))
        return self.encoder.final_layer_norm(x) * valid[..., None]
