"""ControlAR on LlamaGen. Attribute names give the authors' state-dict keys (hustvl/ControlAR, autoregressive/models/gpt_t2i.py)."""
import torch
import torch.nn.functional as F
from torch import nn

from control_encoder import Container, ControlBackbone
from fast_rms import rotate, swapping
from text_encoder import Gain, linear

HEAD, EPSILON, CONTROLS = 64, 1e-5, 3


class Projection(nn.Module):
    def __init__(self, inputs, width):
        super().__init__()
        self.fc1, self.fc2 = linear(inputs, width), linear(width, width)

    def forward(self, x):
        return self.fc2(F.gelu(self.fc1(x), approximate='tanh'))


def attend(q, k, v, mask):
    """Written out: on the CPU the fused operator goes back slowly."""
    scores = (q * HEAD ** -0.5) @ k.transpose(2, 3) + mask
    return scores.softmax(-1) @ v


class Attention(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.wqkv, self.wo = linear(width, 3 * width), linear(width, width)

    def forward(self, x, angles, mask, cache=None):
        b, n, width = x.shape
        q, k, v = (part.view(b, n, -1, HEAD).transpose(1, 2) for part in self.wqkv(x).chunk(3, -1))
        q, k = rotate(q, angles), rotate(k, angles)
        if cache is not None: k, v = cache.extend(self, k, v)
        mixed = attend(q, k, v, mask)
        return self.wo(mixed.transpose(1, 2).reshape(b, n, width))


class FeedForward(nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.w1, self.w3, self.w2 = linear(width, hidden), linear(width, hidden), linear(hidden, width)

    def forward(self, x):
        return self.w2(F.silu(self.w1(x)) * self.w3(x))


class Block(nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.attention_norm, self.ffn_norm = Gain(width, EPSILON), Gain(width, EPSILON)
        self.attention, self.feed_forward = Attention(width), FeedForward(width, hidden)

    def forward(self, x, angles, mask, cache=None):
        x = x + self.attention(self.attention_norm(x), angles, mask, cache)
        return x + self.feed_forward(self.ffn_norm(x))


class Cache:
    """Keys and values of the tokens so far, at most `capacity`."""

    def __init__(self, capacity):
        self.capacity, self.parts, self.counts = capacity, {}, {}

    def extend(self, layer, k, v):
        if layer not in self.parts:
            self.parts[layer] = [part.new_empty(*part.shape[:2], self.capacity, HEAD) for part in (k, v)]
            self.counts[layer] = 0
        start, end = self.counts[layer], self.counts[layer] + k.shape[2]
        for buffer, new in zip(self.parts[layer], (k, v)): buffer[:, :, start:end] = new
        self.counts[layer] = end
        return [buffer[:, :, :end] for buffer in self.parts[layer]]


def raster_angles(side):
    """cosines and sines (side² + 1, HEAD) of the cells in raster order; the last row, zeros, is that of the words"""
    quarter = HEAD // 4
    frequencies = 10_000.0 ** (-torch.arange(quarter).float() / quarter)
    cell = torch.arange(side * side)
    angles = torch.cat([(cell // side)[:, None] * frequencies, (cell % side)[:, None] * frequencies], 1).repeat_interleave(2, 1)
    none = torch.zeros(1, HEAD)
    return torch.cat([angles.cos(), none]), torch.cat([angles.sin(), none])


class ControlAR(nn.Module):
    def __init__(self, vocabulary=2048, width=256, layers=6, side=16, text_width=128, words=120, control_width=192, control_layers=3, patch=8):
        super().__init__()
        self.side, self.text_width = side, text_width
        hidden = -(-(2 * 4 * width // 3) // 256) * 256
        self.cls_embedding = Container(cap_proj=Projection(text_width, width))
        self.cls_embedding.register_buffer('uncond_embedding', torch.randn(words, text_width) / text_width ** 0.5)
        self.tok_embeddings = nn.Embedding(vocabulary, width)
        self.layers = nn.ModuleList(Block(width, hidden) for _ in range(layers))
        self.norm, self.output = Gain(width, EPSILON), linear(width, vocabulary)
        self.adapter = Container(model=ControlBackbone(side, patch, control_width, control_layers))
        self.adapter_mlp = Projection(control_width, width)
        self.condition_mlp = Container(cap_proj=Projection(width, width))
        self.condition_mlp.register_buffer('uncond_embedding', torch.zeros(side * side, width))
        self.condition_layers = nn.ModuleList(Projection(width, width) for _ in range(CONTROLS))
        cos, sin = raster_angles(side)
        for name, value in (('cos', cos), ('sin', sin), ('swap', swapping(HEAD))): self.register_buffer(name, value, persistent=False)
        for name, value in self.named_parameters():
            if value.ndim == 2 and not name.startswith('adapter.'): nn.init.normal_(value, std=0.02)
        for block in self.layers:
            for last in (block.attention.wo, block.feed_forward.w2): nn.init.normal_(last.weight, std=0.02 / (2 * layers) ** 0.5)

    def control(self, maps):
        """maps (B, 3, S, S) in [-1, 1] -> (3, B, side², width), the control tokens of layers 0, a third and two thirds"""
        common = self.condition_mlp.cap_proj(self.adapter_mlp(self.adapter.model(maps)))
        return torch.stack([layer(common) for layer in self.condition_layers])

    def words(self, features, valid, dropped):
        """features (B, n, F), left-padded; rows that are `dropped` (B) get the empty features instead -> (B, n, width)"""
        empty = self.cls_embedding.uncond_embedding[-features.shape[1]:]
        return self.cls_embedding.cap_proj(torch.where(dropped[:, None, None], empty, features) * valid[..., None])

    def run(self, x, cells, control, mask, cache=None):
        """x (B, n, width), cells (n) of the rotary table, control (3, B, n, width) or None -> logits (B, n, V)"""
        angles = self.cos[cells], self.sin[cells], self.swap
        third = len(self.layers) // CONTROLS
        for i, block in enumerate(self.layers):
            if control is not None and i % third == 0 and i // third < CONTROLS: x = x + control[i // third].to(x.dtype)
            x = block(x, angles, mask, cache)
        return self.output(self.norm(x))

    def forward(self, words, valid, tokens, control):
        """words (B, n, width), valid (B, n), tokens (B, N), control (3, B, N, width) -> logits of all tokens (B, N, V), each given those before it"""
        n, count = words.shape[1], tokens.shape[1]
        x = torch.cat([words, self.tok_embeddings(tokens[:, :-1]).to(words.dtype)], 1)
        cells = torch.cat([torch.full((n,), self.side ** 2), torch.arange(count - 1)])
        padded = F.pad(control, (0, 0, n - 1, 0))
        return self.run(x, cells, padded, mask_of(valid, n + count - 1, x.dtype))[:, n - 1:]

    @torch.no_grad()
    def sample(self, words, valid, control, cfg, top_k, top_p=1.0, temperature=1.0, generator=None, given=None, record=None):
        """words (2B, n, width): the conditional rows, then the unconditional ones; control (3, B, N, width) -> tokens (B, N).
        `given` (B, N) are taken instead of drawn ones."""
        n, count, rows = words.shape[1], self.side ** 2, len(words) // 2
        control = torch.cat([control, torch.zeros_like(control)], 1)
        cache, tokens = Cache(n + count), []
        mask = mask_of(valid, n + count, words.dtype)
        logits = self.run(words, torch.full((n,), count), F.pad(control[:, :, :1], (0, 0, n - 1, 0)), mask[:, :, :n, :n], cache)[:, -1]
        for position in range(count):
            logits = logits.float()
            if record: record(position, logits)
            guided = logits[rows:] + cfg * (logits[:rows] - logits[rows:])
            token = draw(guided / max(temperature, 1e-5), top_k, top_p, generator) if given is None else given[:, position]
            tokens.append(token)
            if position == count - 1: break
            x, at = self.tok_embeddings(token.repeat(2))[:, None].to(words.dtype), n + position
            logits = self.run(x, torch.tensor([position]), control[:, :, position + 1:position + 2], mask[:, :, at:at + 1, :at + 1], cache)[:, -1]
        return torch.stack(tokens, 1)


def mask_of(valid, length, kind):
    """(B, 1, length, length), added to the scores: a token sees the valid words and the tokens up to itself; padding sees itself"""
    b, n = valid.shape
    seen = torch.cat([valid, torch.ones(b, length - n, dtype=torch.bool)], 1)[:, None, :] & torch.ones(length, length, dtype=torch.bool).tril()
    seen = seen | torch.eye(length, dtype=torch.bool)
    return torch.zeros(seen.shape, dtype=kind).masked_fill(~seen, float('-inf'))[:, None]


def draw(logits, top_k, top_p, generator):
    """logits (B, V) -> (B)"""
    if 0 < top_k < logits.shape[1]:
        logits = logits.masked_fill(logits < logits.topk(top_k).values[:, -1:], float('-inf'))
    if top_p < 1:
        ranked, order = logits.sort(descending=True)
        before = ranked.softmax(-1).cumsum(-1) - ranked.softmax(-1)
        logits = logits.masked_fill(torch.zeros_like(before, dtype=torch.bool).scatter(1, order, before > top_p), float('-inf'))
    return torch.multinomial(logits.softmax(-1), 1, generator=generator)[:, 0]
