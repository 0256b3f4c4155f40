"""LlamaGen's tokenizer VQ-8. Attribute names give the authors' state-dict keys (FoundationVision/LlamaGen, tokenizer_image/vq_model.py)."""
import torch
import torch.nn.functional as F
from torch import nn

from autoencoder import Resample, ResBlock, SplitAttention, norm


class Level(nn.Module):
    def __init__(self, inputs, outputs, blocks, attention):
        super().__init__()
        self.res = nn.ModuleList(ResBlock(inputs if i == 0 else outputs, outputs) for i in range(blocks))
        self.attn = nn.ModuleList(SplitAttention(outputs) for _ in range(blocks if attention else 0))

    def forward(self, x):
        for i, block in enumerate(self.res):
            x = block(x)
            if len(self.attn):
                x = self.attn[i](x)
        return x


def middle(channels):
    return nn.ModuleList([ResBlock(channels, channels), SplitAttention(channels), ResBlock(channels, channels)])


class Encoder(nn.Module):
    """(B, 3, H, W) -> (B, z, H/f, W/f), attention at the last level"""

    def __init__(self, ch, mult, z):
        super().__init__()
        widths = [ch * m for m in mult]
        self.conv_in = nn.Conv2d(3, ch, 3, padding=1)
        self.conv_blocks = nn.ModuleList()
        for i, width in enumerate(widths):
            last = i == len(widths) - 1
            level = Level(ch if i == 0 else widths[i - 1], width, 2, last)
            if not last: level.downsample = Resample(width, down=True)
            self.conv_blocks.append(level)
        self.mid = middle(widths[-1])
        self.norm_out, self.conv_out = norm(widths[-1]), nn.Conv2d(widths[-1], z, 3, padding=1)

    def forward(self, x):
        h = self.conv_in(x)
        for level in self.conv_blocks:
            h = level(h)
            if hasattr(level, 'downsample'): h = level.downsample(h)
        for part in self.mid: h = part(h)
        return self.conv_out(F.silu(self.norm_out(h)))


class Decoder(nn.Module):
    """(B, z, h, w) -> (B, 3, f·h, f·w); its first level is the smallest"""

    def __init__(self, ch, mult, z):
        super().__init__()
        widths = [ch * m for m in reversed(mult)]
        self.conv_in = nn.Conv2d(z, widths[0], 3, padding=1)
        self.mid = middle(widths[0])
        self.conv_blocks = nn.ModuleList()
        for i, width in enumerate(widths):
            level = Level(widths[max(0, i - 1)], width, 3, i == 0)
            if i < len(widths) - 1: level.upsample = Resample(width, down=False)
            self.conv_blocks.append(level)
        self.norm_out, self.conv_out = norm(ch), nn.Conv2d(ch, 3, 3, padding=1)

    def forward(self, z):
        h = self.conv_in(z)
        for part in self.mid: h = part(h)
        for level in self.conv_blocks:
            h = level(h)
            if hasattr(level, 'upsample'): h = level.upsample(h)
        return self.conv_out(F.silu(self.norm_out(h)))


class Quantizer(nn.Module):
    """Nearest codes by the cosine: vectors and codes have length 1."""

    def __init__(self, vocabulary, channels):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, channels)

    def codes(self):
        return F.normalize(self.embedding.weight, dim=-1)

    @torch.no_grad()
    def nearest(self, z):
        """z (N, channels), of length 1 -> (N)"""
        return (z @ self.codes().T).argmax(1)


class VQGAN(nn.Module):
    def __init__(self, vocabulary=2048, channels=8, ch=32, mult=(1, 1, 2, 4), z=32):
        super().__init__()
        self.encoder, self.decoder = Encoder(ch, mult, z), Decoder(ch, mult, z)
        self.quantize = Quantizer(vocabulary, channels)
        self.quant_conv, self.post_quant_conv = nn.Conv2d(z, channels, 1), nn.Conv2d(channels, z, 1)

    def encode(self, x):
        """x (B, 3, H, W) in [-1, 1] -> (B, channels, H/f, W/f), of length 1 along the channels"""
        return F.normalize(self.quant_conv(self.encoder(x)).float(), dim=1)

    def tokens(self, f):
        """f (B, channels, h, w), of length 1 -> (B, h·w)"""
        return self.quantize.nearest(f.permute(0, 2, 3, 1).reshape(-1, f.shape[1])).view(len(f), -1)

    def look_up(self, tokens, side):
        """tokens (B, side²) -> (B, channels, side, side)"""
        return self.quantize.codes()[tokens].transpose(1, 2).reshape(len(tokens), -1, side, side)

    def decode(self, f):
        return self.decoder(self.post_quant_conv(f))
