"""VAR transformer in the authors' key layout; block-wise causal over scales in training."""
import math
import torch
import torch.nn.functional as F
from torch import nn


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.scale_mul_1H11 = nn.Parameter(torch.full((1, heads, 1, 1), math.log(4.0)))
        self.mat_qkv = nn.Linear(width, 3 * width, bias=False)
        self.q_bias, self.v_bias = nn.Parameter(torch.zeros(width)), nn.Parameter(torch.zeros(width))
        self.register_buffer('zero_k_bias', torch.zeros(width))
        self.proj = nn.Linear(width, width)

    def forward(self, x, mask, cache=None):
        b, l, c = x.shape
        qkv = F.linear(x, self.mat_qkv.weight, torch.cat([self.q_bias, self.zero_k_bias, self.v_bias]))
        q, k, v = qkv.view(b, l, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        q = F.normalize(q.float(), dim=-1) * self.scale_mul_1H11.clamp_max(math.log(100)).exp()
        q, k = q.to(v.dtype), F.normalize(k.float(), dim=-1).to(v.dtype)
        if cache is not None:
            if cache: k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
            cache[:] = [k, v]
        o = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, scale=1.0)
        return self.proj(o.transpose(1, 2).reshape(b, l, c))


class FeedForward(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        return self.fc2(F.gelu(self.fc1(x), approximate='tanh'))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.attn, self.ffn = Attention(width, heads), FeedForward(width)
        self.ada_lin = nn.Sequential(nn.SiLU(), nn.Linear(width, 6 * width))
        self.width = width

    def forward(self, x, c, mask, cache=None):
        g1, g2, s1, s2, b1, b2 = self.ada_lin(c).view(-1, 1, 6, self.width).unbind(2)
        ln = lambda t: F.layer_norm(t, (self.width,), eps=1e-6)
        x = x + self.attn(ln(x) * (1 + s1) + b1, mask, cache) * g1
        return x + self.ffn(ln(x) * (1 + s2) + b2) * g2


class HeadNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.ada_lin = nn.Sequential(nn.SiLU(), nn.Linear(width, 2 * width))
        self.width = width

    def forward(self, x, c):
        s, b = self.ada_lin(c).view(-1, 1, 2, self.width).unbind(2)
        return F.layer_norm(x, (self.width,), eps=1e-6) * (1 + s) + b


class VAR(nn.Module):
    def __init__(self, patch_nums, vocabulary, z, classes, depth=6, width=256, heads=4):
        super().__init__()
        self.patch_nums, self.classes, self.width = patch_nums, classes, width
        length, init = sum(n * n for n in patch_nums), math.sqrt(1 / width / 3)
        self.word_embed = nn.Linear(z, width)
        self.class_emb = nn.Embedding(classes + 1, width)
        self.pos_start = nn.Parameter(torch.randn(1, 1, width) * init)
        self.pos_1LC = nn.Parameter(torch.randn(1, length, width) * init)
        self.lvl_embed = nn.Embedding(len(patch_nums), width)
        nn.init.normal_(self.class_emb.weight, std=init); nn.init.normal_(self.lvl_embed.weight, std=init)
        level = torch.cat([torch.full((n * n,), i) for i, n in enumerate(patch_nums)])
        self.register_buffer('lvl_1L', level.view(1, -1))
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(depth))
        self.head_nm, self.head = HeadNorm(width), nn.Linear(width, vocabulary)
        for m in self.modules():
            if isinstance(m, nn.Linear):
                nn.init.trunc_normal_(m.weight, std=init)
                if m.bias is not None: nn.init.zeros_(m.bias)
        for b in self.blocks:
            b.attn.proj.weight.data.div_(math.sqrt(2 * depth)); b.ffn.fc2.weight.data.div_(math.sqrt(2 * depth))
            b.ada_lin[1].weight.data[2 * width:] *= 0.5; b.ada_lin[1].weight.data[:2 * width] *= 0.5
            b.ada_lin[1].bias.data[:2 * width] = 0.3
        self.head.weight.data *= 0.1
        self.mask = torch.where(level[:, None] >= level[None, :], 0.0, -torch.inf)

    def positions(self):
        return self.lvl_embed(self.lvl_1L) + self.pos_1LC

    def forward(self, labels, inputs):
        """labels (B), inputs (B, L-1, Z) -> logits (B, L, V)"""
        c = self.class_emb(labels)
        x = torch.cat([c[:, None] + self.pos_start, self.word_embed(inputs)], 1) + self.positions()
        mask = self.mask.to(torch.bfloat16) if torch.is_autocast_enabled('cpu') else self.mask
        for b in self.blocks:
            x = b(x, c, mask)
        return self.head(self.head_nm(x, c))

    @torch.no_grad()
    def sample(self, vae, labels, cfg=2.0, top_k=0, top_p=0.95, generator=None):
        q, n = vae.quantize, len(labels)
        c = self.class_emb(torch.cat([labels, torch.full_like(labels, self.classes)]))
        pos, size = self.positions(), self.patch_nums[-1]
        x = c[:, None] + self.pos_start + pos[:, :1]
        caches, start, f_hat, out = [[] for _ in self.blocks], 0, 0.0, []
        for s, pn in enumerate(self.patch_nums):
            for b, cache in zip(self.blocks, caches): x = b(x, c, None, cache)
            logits = self.head(self.head_nm(x, c)).float()
            t = cfg * s / (len(self.patch_nums) - 1)
            logits = (1 + t) * logits[:n] - t * logits[n:]
            if top_k: logits = logits.masked_fill(logits < logits.topk(top_k, -1)[0][..., -1:], -torch.inf)
            if top_p:
                so, ii = logits.sort(-1); rem = so.softmax(-1).cumsum(-1) <= 1 - top_p; rem[..., -1] = False
                logits = logits.masked_fill(rem.scatter(-1, ii, rem), -torch.inf)
            tok = torch.multinomial(logits.softmax(-1).flatten(0, 1), 1, generator=generator).view(n, -1)
            out.append(tok); f_hat = f_hat + q.raise_codes(tok, s, size); start += pn * pn
            if s + 1 < len(self.patch_nums):
                nx = self.patch_nums[s + 1]
                low = F.interpolate(f_hat, (nx, nx), mode='area') if nx != size else f_hat
                x = (self.word_embed(low.flatten(2).transpose(1, 2)) + pos[:, start:start + nx * nx]).repeat(2, 1, 1)
        return torch.cat(out, 1), f_hat
