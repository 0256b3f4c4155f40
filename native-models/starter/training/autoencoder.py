"""The convolutional encoder and decoder that the VQVAE and the KL autoencoder share (CompVis/latent-diffusion's keys)."""
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


class Attention(nn.Module):
    """Single-head attention over all positions of a map; subclasses say how its projections are kept."""

    def forward(self, x):
        b, c, h, w = x.shape
        q, k, v = (t.flatten(2).transpose(1, 2)[:, None] for t in self.project(self.norm(x)))
        mixed = F.scaled_dot_product_attention(q, k, v)[:, 0]
        return x + self.proj_out(mixed.transpose(1, 2).reshape(b, c, h, w))


class FusedAttention(Attention):
    """As VAR's VQVAE keeps it: one convolution for queries, keys and values."""

    def __init__(self, channels):
        super().__init__()
        self.norm = norm(channels)
        self.qkv = nn.Conv2d(channels, 3 * channels, 1)
        self.proj_out = nn.Conv2d(channels, channels, 1)

    def project(self, x):
        return self.qkv(x).chunk(3, 1)


class SplitAttention(Attention):
    """As latent-diffusion keeps it: a convolution each for queries, keys and values."""

    def __init__(self, channels):
        super().__init__()
        self.norm = norm(channels)
        self.q, self.k, self.v = (nn.Conv2d(channels, channels, 1) for _ in range(3))
        self.proj_out = nn.Conv2d(channels, channels, 1)

    def project(self, x):
        return self.q(x), self.k(x), self.v(x)


class Level(nn.Module):
    def __init__(self, inputs, outputs, blocks, attention):
        super().__init__()
        self.block = nn.ModuleList(ResBlock(inputs if i == 0 else outputs, outputs) for i in range(blocks))
        self.attn = nn.ModuleList(attention(outputs) for _ in range(blocks if attention else 0))

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
    def __init__(self, channels, attention):
        super().__init__()
        self.block_1, self.attn_1, self.block_2 = ResBlock(channels, channels), attention(channels), ResBlock(channels, channels)

    def forward(self, x):
        return self.block_2(self.attn_1(self.block_1(x)))


class Encoder(nn.Module):
    """(B, 3, H, W) -> (B, outputs, H/f, W/f), attention at the last level"""

    def __init__(self, ch, mult, outputs, attention):
        super().__init__()
        self.conv_in = nn.Conv2d(3, ch, 3, padding=1)
        widths = [ch * m for m in mult]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            last = i == len(widths) - 1
            level = Level(ch if i == 0 else widths[i - 1], width, 2, attention if last else None)
            if not last:
                level.downsample = Resample(width, down=True)
            self.down.append(level)
        self.mid = Middle(widths[-1], attention)
        self.norm_out, self.conv_out = norm(widths[-1]), nn.Conv2d(widths[-1], outputs, 3, padding=1)

    def forward(self, x):
        h = self.conv_in(x)
        for level in self.down:
            h = level.blocks(h)
            if hasattr(level, 'downsample'):
                h = level.downsample(h)
        return self.conv_out(F.silu(self.norm_out(self.mid(h))))


class Decoder(nn.Module):
    """(B, z, h, w) -> (B, 3, f·h, f·w); `attend_up`: attention at the smallest level too, not in the middle alone"""

    def __init__(self, ch, mult, z, attention, attend_up):
        super().__init__()
        widths = [ch * m for m in mult]
        self.conv_in = nn.Conv2d(z, widths[-1], 3, padding=1)
        self.mid = Middle(widths[-1], attention)
        levels = []
        for i in reversed(range(len(widths))):
            last = i == len(widths) - 1
            inputs = widths[-1] if last else widths[i + 1]
            level = Level(inputs, widths[i], 3, attention if last and attend_up else None)
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
