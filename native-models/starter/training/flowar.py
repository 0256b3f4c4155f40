"""FlowAR with the cross-attending flow head. Attribute names give the state-dict keys of OliverRensu/FlowAR (models/flowar.py,
flowmodel.py; paper: arXiv 2412.15205). Latents are those of the KL autoencoder times its scale."""
import math
import torch
import torch.nn.functional as F
from torch import nn

from fast_rms import rms_norm, rotate, swapping

ROPE_GRID, ROPE_THETA, TIME_WIDTH, HEAD_WIDTH = 16, 10000, 256, 64


class RMSNorm(nn.Module):
    def __init__(self, width, weight=False):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width)) if weight else None

    def forward(self, x):
        y = rms_norm(x)
        return y if self.weight is None else y * self.weight.to(y.dtype)


class Rope(nn.Module):
    """2-D rotary positions; every scale spans the same 16×16 grid."""

    def __init__(self, head):
        super().__init__()
        half = head // 2
        self.register_buffer('freqs', 1.0 / ROPE_THETA ** (torch.arange(0, half, 2).float() / half))

    @torch.no_grad()
    def angles(self, scales):
        """-> cosines and sines, each (tokens of the scales, head), and the matrix that swaps pairs"""
        parts = []
        for side in scales:
            a = (torch.arange(side).float() / side * ROPE_GRID)[:, None] * self.freqs.float()
            a = a.repeat_interleave(2, -1)
            parts.append(torch.cat([a[:, None].expand(side, side, -1), a[None].expand(side, side, -1)], -1).flatten(0, 1))
        a = torch.cat(parts)
        return a.cos(), a.sin(), swapping(a.shape[-1])


def split_heads(x, parts, head):
    """(B, N, parts·heads·head) -> parts of (B, heads, N, head)"""
    b, n, c = x.shape
    return x.view(b, n, parts, c // parts // head, head).permute(2, 0, 3, 1, 4).unbind(0)


def attend(q, k, v, mask):
    """(B, heads, N, head) each, mask (N, M) of 0 and −∞ or None -> (B, N, heads·head)"""
    scores = (q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2)
    if mask is not None: scores = scores + mask.to(scores.dtype)
    return (scores.softmax(-1, dtype=scores.dtype) @ v).transpose(1, 2).flatten(2)


class SelfAttention(nn.Module):
    def __init__(self, width, head, bias):
        super().__init__()
        self.qkv, self.proj = nn.Linear(width, 3 * width, bias=bias), nn.Linear(width, width)
        self.rope, self.head = Rope(head), head

    def forward(self, x, angles, mask=None, cache=None):
        q, k, v = split_heads(self.qkv(x), 3, self.head)
        q, k = rotate(q, angles), rotate(k, angles)
        if cache is not None:
            if cache: k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
            cache[:] = [k, v]
        return self.proj(attend(q, k, v, mask))


class CrossAttention(nn.Module):
    def __init__(self, width, context, head):
        super().__init__()
        self.q, self.kv = nn.Linear(width, width, bias=False), nn.Linear(context, 2 * width, bias=False)
        self.proj = nn.Linear(width, width)
        self.rope, self.head = Rope(head), head

    def forward(self, x, z, angles, mask=None):
        (q,), (k, v) = split_heads(self.q(x), 1, self.head), split_heads(self.kv(z), 2, self.head)
        return self.proj(attend(rotate(q, angles), rotate(k, angles), v, mask))


class GatedMLP(nn.Module):
    def __init__(self, width):
        super().__init__()
        hidden = int(width * 4 * 2 / 3.)
        self.fc1_g, self.fc1_x, self.fc2 = nn.Linear(width, hidden), nn.Linear(width, hidden), nn.Linear(hidden, width)

    def forward(self, x):
        return self.fc2(F.gelu(self.fc1_g(x)) * self.fc1_x(x))


class Block(nn.Module):
    """Block of the autoregressive stack, modulated by the class."""

    def __init__(self, width, head):
        super().__init__()
        self.norm, self.attn, self.mlp = RMSNorm(width), SelfAttention(width, head, bias=True), GatedMLP(width)
        self.ada_lin = nn.Sequential(nn.SiLU(), nn.Linear(width, 6 * width))

    def forward(self, x, c, angles, mask=None, cache=None):
        g1, g2, s1, s2, b1, b2 = self.ada_lin(c)[:, None].chunk(6, -1)
        x = torch.addcmul(x, self.attn(torch.addcmul(b1, self.norm(x), 1 + s1), angles, mask, cache), g1)
        return torch.addcmul(x, self.mlp(torch.addcmul(b2, self.norm(x), 1 + s2)), g2)


class FlowBlock(nn.Module):
    """Block of the flow head: attention modulated by the time, cross-attention to z, MLP modulated by the time and z."""

    def __init__(self, width, context):
        super().__init__()
        self.norm = RMSNorm(width)
        self.attn, self.crossattn = SelfAttention(width, HEAD_WIDTH, bias=False), CrossAttention(width, context, HEAD_WIDTH)
        self.norm2_1, self.norm2_2 = RMSNorm(width, weight=True), RMSNorm(context, weight=True)
        self.mlp = GatedMLP(width)
        self.ada_lin_attn, self.ada_lin_mlp = nn.Linear(width, 3 * width), nn.Linear(width, 3 * width)

    def forward(self, x, t, c, z, scales, angles, mask):
        g1, s1, b1 = each_token(self.ada_lin_attn(F.silu(t)), scales).chunk(3, -1)
        g2, s2, b2 = self.ada_lin_mlp(F.silu(c + each_token(t, scales))).chunk(3, -1)
        x = torch.addcmul(x, self.attn(torch.addcmul(b1, self.norm(x), 1 + s1), angles, mask), g1)
        x = x + self.crossattn(self.norm2_1(x), self.norm2_2(z), angles, mask)
        return torch.addcmul(x, self.mlp(torch.addcmul(b2, self.norm(x), 1 + s2)), g2)


class TimeEmbedding(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.mlp = nn.Sequential(nn.Linear(TIME_WIDTH, width), nn.SiLU(), nn.Linear(width, width))

    def forward(self, t):
        """t in [0, 1], any shape -> (…, width); the network sees whole thousandths"""
        half = TIME_WIDTH // 2
        frequencies = torch.exp(-math.log(10000) * torch.arange(half).float() / half)
        a = (t.float() * 1000).long()[..., None].float() * frequencies
        return self.mlp(torch.cat([a.cos(), a.sin()], -1))


class FinalLayer(nn.Module):
    def __init__(self, width, outputs):
        super().__init__()
        self.norm, self.linear = RMSNorm(width), nn.Linear(width, outputs)
        self.adaLN_modulation = nn.Sequential(nn.SiLU(), nn.Linear(width, 2 * width))

    def forward(self, x, c):
        shift, scale = self.adaLN_modulation(c).chunk(2, -1)
        return self.linear(torch.addcmul(shift, self.norm(x), 1 + scale))


class FlowHead(nn.Module):
    def __init__(self, latent, width, context, depth):
        super().__init__()
        self.time_embed, self.cond_embed, self.input_proj = TimeEmbedding(width), nn.Linear(context, width), nn.Linear(latent, width)
        self.res_blocks = nn.ModuleList(FlowBlock(width, context) for _ in range(depth))
        self.final_layer = FinalLayer(width, latent)

    def forward(self, x, t, z, scales):
        """x, z (B, N, …) are the tokens of `scales` one after the other, t (B, len(scales)) -> velocity (B, N, latent).
        Scales do not see each other."""
        level = levels(scales)
        mask = torch.where(level[:, None] == level[None, :], 0.0, -torch.inf) if len(scales) > 1 else None
        angles = self.res_blocks[0].attn.rope.angles(scales)
        t, c, x = self.time_embed(t), self.cond_embed(z), self.input_proj(x)
        for block in self.res_blocks:
            x = block(x, t, c, z, scales, angles, mask)
        return self.final_layer(x, c + each_token(t, scales))


def levels(scales):
    """The scale index of each token."""
    return torch.cat([torch.full((n * n,), i) for i, n in enumerate(scales)])


def each_token(of_scale, scales):
    """(B, scales, C) -> (B, N, C)"""
    return torch.cat([of_scale[:, i:i + 1].expand(-1, n * n, -1) for i, n in enumerate(scales)], 1)


def tokens(maps):
    """(B, C, s, s) -> (B, s², C)"""
    return maps.flatten(2).transpose(1, 2)


def resize(maps, side, to):
    """A sample of one scale as the next scale's input: bicubic to the latent's side, then the area mean."""
    up = F.interpolate(maps, (side, side), mode='bicubic')
    return F.interpolate(up, (to, to), mode='area')


def time_grid(steps):
    """The authors' times (float64): uniform for 50, otherwise half of the steps above 0.3 and half below 0.25."""
    f64 = dict(dtype=torch.float64)
    if steps == 50:
        return torch.linspace(1, 0, 51, **f64)
    return torch.cat([torch.linspace(1, 0.3, steps // 2, **f64), torch.linspace(0.25, 0, steps // 2 + 1, **f64)])


class FlowAR(nn.Module):
    def __init__(self, scales=(1, 2, 4, 8), classes=20, width=256, depth=(2, 2), flow_width=256, flow_depth=2, latent=16, head=HEAD_WIDTH):
        super().__init__()
        self.scales, self.classes = tuple(scales), classes
        length = sum(n * n for n in scales)
        self.class_emb, self.z_proj, self.z_proj_ln = nn.Embedding(classes + 1, width), nn.Linear(latent, width), RMSNorm(width, weight=True)
        for name in ('encoder', 'decoder', 'diffusion'):
            self.register_parameter(f'{name}_pos_embed_learned', nn.Parameter(0.02 * torch.randn(1, length, width)))
        self.encoder_blocks = nn.ModuleList(Block(width, head) for _ in range(depth[0]))
        self.encoder_norm, self.decoder_embed = RMSNorm(width, weight=True), nn.Linear(width, width)
        self.decoder_blocks = nn.ModuleList(Block(width, head) for _ in range(depth[1]))
        self.decoder_norm = RMSNorm(width, weight=True)
        self.flownet = FlowHead(latent, flow_width, width, flow_depth)
        level = levels(scales)
        self.register_buffer('mask', torch.where(level[:, None] >= level[None, :], 0.0, -torch.inf)[None, None])
        self.reset()

    def reset(self):
        """The authors' initialisation."""
        nn.init.normal_(self.class_emb.weight, std=0.02)
        for m in self.modules():
            if isinstance(m, nn.Linear):
                nn.init.xavier_uniform_(m.weight)
                if m.bias is not None: nn.init.zeros_(m.bias)
        for i in (0, 2): nn.init.normal_(self.flownet.time_embed.mlp[i].weight, std=0.02)
        nn.init.zeros_(self.flownet.final_layer.linear.weight)

    def condition(self, x, c, scales, start, mask=None, caches=None):
        """x (B, N, D): inputs of `scales`, the first token at `start`; c (B, D) -> z (B, N, D) for the flow head"""
        part = slice(start, start + x.shape[1])
        angles = self.encoder_blocks[0].attn.rope.angles(scales)
        cached = iter(caches or [None] * (len(self.encoder_blocks) + len(self.decoder_blocks)))
        x = self.z_proj_ln(x + self.encoder_pos_embed_learned[:, part].to(x.dtype))
        for block in self.encoder_blocks: x = block(x, c, angles, mask, next(cached))
        x = self.decoder_embed(self.encoder_norm(x)) + self.decoder_pos_embed_learned[:, part].to(x.dtype)
        for block in self.decoder_blocks: x = block(x, c, angles, mask, next(cached))
        return self.decoder_norm(x) + self.diffusion_pos_embed_learned[:, part].to(x.dtype)

    def pyramid(self, latent):
        """latent (B, C, P, P) -> targets (B, L, C) and the inputs of all scales but the first (B, L - 1, C)"""
        maps = [F.interpolate(latent, (n, n), mode='area') for n in self.scales[:-1]] + [latent]
        inputs = [resize(m, self.scales[-1], n) for m, n in zip(maps, self.scales[1:])]
        return torch.cat([tokens(m) for m in maps], 1), torch.cat([tokens(i) for i in inputs], 1)

    def forward(self, labels, inputs, noised, t):
        """labels (B), inputs (B, L - 1, C), noised (B, L, C), t (B, scales) -> velocity (B, L, C)"""
        c, x = self.class_emb(labels), self.z_proj(inputs)
        z = self.condition(torch.cat([c[:, None].to(x.dtype), x], 1), c, self.scales, 0, self.mask[0, 0])
        return self.flownet(noised, t, z, self.scales)

    @torch.no_grad()
    def sample(self, labels, cfg=2.0, guidance_high=0.9, steps=25, noise=None, generator=None, record=lambda name, scale, value: None):
        """-> latents (B, C, P, P). Both halves of the batch, with and without label, run as in the authors' sampler.
        noise: (2B, L, C); steps: one number, or one for each scale; `record` gets what happens on the way."""
        n, latent = len(labels), self.z_proj.in_features
        c = self.class_emb(torch.cat([labels, torch.full_like(labels, self.classes)]))
        if noise is None: noise = torch.randn(2 * n, self.mask.shape[-1], latent, generator=generator)
        caches = [[] for _ in range(len(self.encoder_blocks) + len(self.decoder_blocks))]
        x, start, last = c[:, None], 0, len(self.scales) - 1
        for i, side in enumerate(self.scales):
            record('ar_in', i, x)
            z = self.condition(x, c, (side,), start, caches=caches); record('z', i, z)
            state = noise[:, start:start + side * side].double()
            weight, times = (cfg - 1) * i / last + 1, time_grid(steps if isinstance(steps, int) else steps[i])
            for t, following in zip(times[:-1], times[1:]):
                guided = weight > 1 and t <= guidance_high
                if guided: state = state[:n].repeat(2, 1, 1)
                v = self.flownet(state.float(), t.expand(2 * n, 1), z, (side,)).double()
                record('x', i, state); record('v', i, v); record('guided', i, guided); record('t', i, t)
                if guided: v = (v[n:] + weight * (v[:n] - v[n:])).repeat(2, 1, 1)
                state = state + (following - t) * v
            start += side * side
            sampled = state[:n].float().transpose(1, 2).reshape(n, latent, side, side); record('latent', i, sampled)
            if i < last:
                x = self.z_proj(tokens(resize(sampled, self.scales[-1], self.scales[i + 1]))).repeat(2, 1, 1)
        return sampled
