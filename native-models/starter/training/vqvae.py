"""Multi-scale VQVAE. Attribute names give the authors' state-dict keys (FoundationVision/VAR, models/vqvae.py)."""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from autoencoder import Decoder, Encoder, FusedAttention

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
        self.encoder = Encoder(ch, mult, z, FusedAttention)
        self.decoder = Decoder(ch, mult, z, FusedAttention, attend_up=True)
        self.quant_conv = nn.Conv2d(z, z, 3, padding=1)
        self.post_quant_conv = nn.Conv2d(z, z, 3, padding=1)
        self.quantize = MultiScaleQuantizer(vocabulary, z, patch_nums)

    def encode(self, x):
        return self.quant_conv(self.encoder(x))

    def decode(self, f_hat):
        return self.decoder(self.post_quant_conv(f_hat))
