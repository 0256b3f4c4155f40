"""A small network that says what a picture of the world shows: segments and nearness of every pixel. It judges generated pictures."""
import os
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from pictures import HELD_OUT, planes
from world.canvas import SEGMENTS

WIDTHS = (16, 32, 64, 96, 128)


def layer(inputs, outputs, stride=1):
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, stride, 1), nn.BatchNorm2d(outputs), nn.ReLU())


class Judge(nn.Module):
    """A U-Net: (B, 3, S, S) -> segment logits (B, 18, S, S) and nearness (B, S, S) in 0…1"""

    def __init__(self):
        super().__init__()
        self.down = nn.ModuleList(layer(i, o, 1 if i == 3 else 2) for i, o in zip((3, *WIDTHS), WIDTHS))
        self.up = nn.ModuleList(layer(a + b, b) for a, b in zip(WIDTHS[:0:-1], WIDTHS[-2::-1]))
        self.out = nn.Conv2d(WIDTHS[0], len(SEGMENTS) + 1, 1)

    def forward(self, x):
        kept = []
        for part in self.down:
            x = part(x); kept.append(x)
        for part, side in zip(self.up, kept[-2::-1]):
            x = part(torch.cat([F.interpolate(x, scale_factor=2.0, mode='nearest'), side], 1))
        out = self.out(x)
        return out[:, :-1], out[:, -1].sigmoid()


def train_judge(images, segments, depth, steps, seed=0):
    torch.manual_seed(seed); net = Judge().to(memory_format=torch.channels_last).train()
    opt = torch.optim.AdamW(net.parameters(), 2e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(opt, 6e-3, steps)
    shares = np.bincount(np.asarray(segments[:400]).ravel(), minlength=len(SEGMENTS)) / segments[:400].size
    weight = torch.from_numpy((shares + 1e-4) ** -0.5).float()  # stars and boats are small
    # a generated picture is softer than a real one: the judge has to see through that
    for step in range(steps):
        rng = np.random.default_rng(seed * 7919 + step)
        rows = np.sort(rng.integers(0, len(images), 12))
        x, wanted, near = planes(images[rows]), torch.from_numpy(segments[rows].astype(np.int64)), torch.from_numpy(depth[rows]).float() / 255
        if rng.random() < 0.5: x, wanted, near = x.flip(3), wanted.flip(2), near.flip(2)
        if rng.random() < 0.5: x = F.interpolate(F.avg_pool2d(x, 2), scale_factor=2.0, mode='bilinear')
        with torch.autocast('cpu', torch.bfloat16): logits, nearness = net((x + 0.03 * torch.randn_like(x)).contiguous(memory_format=torch.channels_last))
        loss = F.cross_entropy(logits.float(), wanted, weight) + 4 * F.l1_loss(nearness.float(), near)
        opt.zero_grad(); loss.backward(); opt.step(); schedule.step()
        if step % 50 == 0: print('judge', step, round(loss.item(), 3), flush=True)
    return net.eval()


def trained_judge(path, data, steps):
    """The judge kept at `path`, or a new one trained on all pictures but the held-out ones."""
    net = Judge()
    if os.path.exists(path):
        net.load_state_dict(torch.load(path))
    else:
        count = int(open(data + '.count').read())
        with torch.enable_grad():
            net = train_judge(*(np.load(data + name, mmap_mode='r')[HELD_OUT:count] for name in ('', '.segments.npy', '.depth.npy')), steps)
        torch.save(net.state_dict(), path)
    return net.eval()


@torch.no_grad()
def judged(net, x):
    """x (B, 3, S, S) -> segments (B, S, S) and nearness (B, S, S) in 0…1"""
    parts = [net(x[i:i + 32]) for i in range(0, len(x), 32)]
    return torch.cat([logits.argmax(1) for logits, _ in parts]), torch.cat([near for _, near in parts])


def mean_iou(seen, wanted):
    """Intersection over union of each segment over all pictures -> their mean over the segments that are there, and by name"""
    by_name = {}
    for i, name in enumerate(SEGMENTS):
        there, here = wanted == i, seen == i
        if there.any(): by_name[name] = float((there & here).sum() / (there | here).sum())
    return sum(by_name.values()) / len(by_name), {name: round(value, 2) for name, value in by_name.items()}
