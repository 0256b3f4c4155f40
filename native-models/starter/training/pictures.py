"""What both autoencoders' training shares: batches of pictures, the loss between pictures, its measure."""
import numpy as np
import torch
import torch.nn.functional as F

HELD_OUT = 128  # the first pictures of the data; training never sees them


def planes(images):
    """uint8 (B, H, W, 3) -> float (B, 3, H, W) in [-1, 1]"""
    x = torch.from_numpy(np.array(images)).permute(0, 3, 1, 2).float() / 127.5 - 1
    return x.contiguous(memory_format=torch.channels_last)


def batch(images, size, crop, rng):
    """`size` random pictures or crops of them, half of them mirrored"""
    rows = rng.integers(0, len(images), size)
    if crop < images.shape[1]:
        tops = rng.integers(0, images.shape[1] - crop + 1, (size, 2))
        picks = np.stack([images[r, y:y + crop, x:x + crop] for r, (y, x) in zip(rows, tops)])
    else:
        picks = images[np.sort(rows)]
    flip = rng.random(size) < 0.5
    picks[flip] = picks[flip][:, :, ::-1]
    return planes(picks)


def gradient(x):
    return x[..., 1:, :] - x[..., :-1, :], x[..., :, 1:] - x[..., :, :-1]


def picture_loss(r, x):
    """L2 + L1 + gradient difference."""
    (ra, rb), (xa, xb) = gradient(r), gradient(x)
    return F.mse_loss(r, x) * 4 + F.l1_loss(r, x) * 0.4 + 0.4 * (F.l1_loss(ra, xa) + F.l1_loss(rb, xb))


def psnr(r, x):
    """dB of each picture, both in [-1, 1]"""
    return -10 * torch.log10(((r.float().clamp(-1, 1) - x) / 2).square().mean((1, 2, 3)))
