"""The KL autoencoder KL-16. Attribute names give the state-dict keys of LTH14/mar's kl16.ckpt (models/vae.py)."""
import torch
from torch import nn

from autoencoder import Decoder, Encoder, SplitAttention

LATENT_SCALE = 0.2325  # what consumers of kl16.ckpt multiply latents with, to about unit variance


class KLAutoencoder(nn.Module):
    def __init__(self, ch=32, mult=(1, 1, 2, 2, 4), z=16):
        super().__init__()
        self.encoder = Encoder(ch, mult, 2 * z, SplitAttention)
        self.decoder = Decoder(ch, mult, z, SplitAttention, attend_up=False)
        self.quant_conv = nn.Conv2d(2 * z, 2 * z, 1)
        self.post_quant_conv = nn.Conv2d(z, z, 1)

    def encode(self, x):
        """x (B, 3, H, W) in [-1, 1] -> mean and log variance, each (B, z, H/16, W/16)"""
        mean, logvar = self.quant_conv(self.encoder(x)).chunk(2, 1)
        return mean, logvar.clamp(-30, 20)

    def decode(self, latent):
        return self.decoder(self.post_quant_conv(latent))


@torch.no_grad()
def standardise(model, mean, scale=LATENT_SCALE):
    """Moves and scales latents inside the two 1×1 convolutions, so that scale·latent has mean 0 by channel and
    variance 1 over all. mean: (N, z, h, w) of pictures. Pictures decode as before."""
    z = mean.shape[1]
    shift = mean.mean((0, 2, 3))
    factor = 1 / (scale * (mean - shift[:, None, None]).square().mean().sqrt())
    q, p = model.quant_conv, model.post_quant_conv
    q.weight[:z] *= factor
    q.bias[:z] = (q.bias[:z] - shift) * factor
    q.bias[z:] += 2 * factor.log()
    p.bias += p.weight[:, :, 0, 0] @ shift
    p.weight /= factor
