"""Multi-scale VQVAE. Attribute names give the authors' state-dict keys (FoundationVision/VAR, models/vqvae.py)."""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from fast_norm import GroupNorm

GROUPS, EPSILON = 32, 1e-6


def norm(channels):
    return GroupNorm(GROUPS, channels, eps=EPSILON)


class ResBlock(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.norm1, self.conv1 = norm(inputs), nn.Conv2d(inputs, outputs, 3, padding=1)
        self.norm2, self.conv2 = norm(outputs), nn.Conv2d(outputs, outputs, 3, padding=1)
        self.nin_shortcut = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else None

    def forward(self, x):
        h = self.conv1(F.silu(self.norm1(x)))
        h = self.conv2(F.silu(self.norm2(h)))
        return h + (self.nin_shortcut(x) if self.nin_shortcut is not None else x)


class AttnBlock(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.norm = norm(channels)
        self.qkv = nn.Conv2d(channels, 3 * channels, 1)
        self.proj_out = nn.Conv2d(channels, channels, 1)

    def forward(self, x):
        b, c, h, w = x.shape
        q, k, v = self.qkv(self.norm(x)).flatten(2).transpose(1, 2).chunk(3, -1)
        mixed = F.scaled_dot_product_attention(q[:, None], k[:, None], v[:, None])[:, 0]
        return x + self.proj_out(mixed.transpose(1, 2).reshape(b, c, h, w))


class Level(nn.Module):
    def __init__(self, inputs, outputs, blocks, attention):
        super().__init__()
        self.block = nn.ModuleList(ResBlock(inputs if i == 0 else outputs, outputs) for i in range(blocks))
        self.attn = nn.ModuleList(AttnBlock(outputs) for _ in range(blocks if attention else 0))

    def blocks(self, x):
        for i, block in enumerate(self.block):
            x = block(x)
            if len(self.attn):
                x = self.attn[i](x)
        return x


class Resample(nn.Module):
    def __init__(self, channels, down):
        super().__init__()
        self.down = down
        self.conv = nn.Conv2d(channels, channels, 3, stride=2 if down else 1, padding=0 if down else 1)

    def forward(self, x):
        if self.down:
            return self.conv(F.pad(x, (0, 1, 0, 1)))
        return self.conv(F.interpolate(x, scale_factor=2.0, mode='nearest'))


class Middle(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.block_1, self.attn_1, self.block_2 = ResBlock(channels, channels), AttnBlock(channels), ResBlock(channels, channels)

    def forward(self, x):
        return self.block_2(self.attn_1(self.block_1(x)))


class Encoder(nn.Module):
    def __init__(self, ch, mult, z):
        super().__init__()
        self.conv_in = nn.Conv2d(3, ch, 3, padding=1)
        widths = [ch * m for m in mult]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            level = Level(ch if i == 0 else widths[i - 1], width, 2, i == len(widths) - 1)
            if i < len(widths) - 1:
                level.downsample = Resample(width, down=True)
            self.down.append(level)
        self.mid = Middle(widths[-1])
        self.norm_out, self.conv_out = norm(widths[-1]), nn.Conv2d(widths[-1], z, 3, padding=1)

    def forward(self, x):
        h = self.conv_in(x)
        for level in self.down:
            h = level.blocks(h)
            if hasattr(level, 'downsample'):
                h = level.downsample(h)
        return self.conv_out(F.silu(self.norm_out(self.mid(h))))


class Decoder(nn.Module):
    def __init__(self, ch, mult, z):
        super().__init__()
        widths = [ch * m for m in mult]
        self.conv_in = nn.Conv2d(z, widths[-1], 3, padding=1)
        self.mid = Middle(widths[-1])
        levels = []
        for i in reversed(range(len(widths))):
            inputs = widths[-1] if i == len(widths) - 1 else widths[i + 1]
            level = Level(inputs, widths[i], 3, i == len(widths) - 1)
            if i > 0:
                level.upsample = Resample(widths[i], down=False)
            levels.insert(0, level)
        self.up = nn.ModuleList(levels)
        self.norm_out, self.conv_out = norm(ch), nn.Conv2d(ch, 3, 3, padding=1)

    def forward(self, z):
        h = self.mid(self.conv_in(z))
        for level in reversed(self.up):
            h = level.blocks(h)
            if hasattr(level, 'upsample'):
                h = level.upsample(h)
        return self.conv_out(F.silu(self.norm_out(h)))


class SharedPhi(nn.Module):
    def __init__(self, z, count):
        super().__init__()
        self.qresi_ls = nn.ModuleList(nn.Conv2d(z, z, 3, padding=1) for _ in range(count))


class MultiScaleQuantizer(nn.Module):
    """Residual quantisation over token maps of growing size (VAR paper, algorithms 1 and 2)."""

    def __init__(self, vocabulary, z, patch_nums, phis=4):
        super().__init__()
        self.patch_nums = patch_nums
        self.embedding = nn.Embedding(vocabulary, z)
        self.quant_resi = SharedPhi(z, phis)
        self.register_buffer('ema_vocab_hit_SV', torch.zeros(len(patch_nums), vocabulary))
        ticks = np.linspace(1 / 3 / phis, 1 - 1 / 3 / phis, phis)
        last = max(1, len(patch_nums) - 1)
        self.phi_index = [int(np.argmin(np.abs(ticks - s / last))) for s in range(len(patch_nums))]

    def phi(self, h, scale):
        return 0.5 * h + 0.5 * self.quant_resi.qresi_ls[self.phi_index[scale]](h)

    def nearest(self, z):
        e = self.embedding.weight
        return (z.square().sum(1, keepdim=True) + e.square().sum(1) - 2 * z @ e.t()).argmin(1)

    def raise_codes(self, tokens, scale, size):
        """tokens (B, pn²) -> φ(bicubic(codes)) (B, Z, size, size)"""
        pn = self.patch_nums[scale]
        h = self.embedding(tokens).transpose(1, 2).reshape(len(tokens), -1, pn, pn)
        if scale < len(self.patch_nums) - 1 and pn != size:
            h = F.interpolate(h, (size, size), mode='bicubic')
        return self.phi(h.contiguous(), scale)

    def quantize(self, f):
        """f (B, Z, P, P) -> f_hat, token list, list of (residual z, tokens) and losses"""
        b, z, size, _ = f.shape
        f_hat, loss, tokens, points = torch.zeros_like(f), 0.0, [], []
        detached = f.detach()
        for s, pn in enumerate(self.patch_nums):
            with torch.no_grad():
                rest = detached - f_hat.detach()
                lowered = F.interpolate(rest, (pn, pn), mode='area') if pn != size else rest
                flat = lowered.permute(0, 2, 3, 1).reshape(-1, z)
                index = self.nearest(flat)
                points.append(flat)
            tokens.append(index.view(b, -1))
            f_hat = f_hat + self.raise_codes(tokens[-1], s, size)
            loss = loss + F.mse_loss(f_hat, detached) + 0.25 * F.mse_loss(f_hat.detach(), f)
        return f_hat, tokens, points, loss / len(self.patch_nums)

    @torch.no_grad()
    def inputs(self, tokens):
        """tokens: list of (B, pn²) -> transformer inputs of scales 1… (B, L-1, Z) and the last f_hat"""
        size, f_hat, out = self.patch_nums[-1], 0.0, []
        for s in range(len(self.patch_nums)):
            f_hat = f_hat + self.raise_codes(tokens[s], s, size)
            if s + 1 < len(self.patch_nums):
                pn = self.patch_nums[s + 1]
                lowered = F.interpolate(f_hat, (pn, pn), mode='area') if pn != size else f_hat
                out.append(lowered.flatten(2).transpose(1, 2))
        return torch.cat(out, 1), f_hat


class VQVAE(nn.Module):
    def __init__(self, vocabulary, patch_nums, ch=32, mult=(1, 1, 2, 2, 4), z=32):
        super().__init__()
        self.encoder, self.decoder = Encoder(ch, mult, z), Decoder(ch, mult, z)
        self.quant_conv = nn.Conv2d(z, z, 3, padding=1)
        self.post_quant_conv = nn.Conv2d(z, z, 3, padding=1)
        self.quantize = MultiScaleQuantizer(vocabulary, z, patch_nums)

    def encode(self, x):
        return self.quant_conv(self.encoder(x))

    def decode(self, f_hat):
        return self.decoder(self.post_quant_conv(f_hat))
