"""A small classifier of world pictures, and what it says about generated ones."""
import os
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn
from pictures import HELD_OUT, planes
from world.scene import CLASSES


def classifier(classes):
    layer = lambda i, o: nn.Sequential(nn.Conv2d(i, o, 3, 2, 1), nn.BatchNorm2d(o), nn.ReLU())
    return nn.Sequential(layer(3, 24), layer(24, 48), layer(48, 96), layer(96, 128), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Dropout(0.2), nn.Linear(512, classes))


def train_classifier(images, labels, steps, seed=0):
    torch.manual_seed(seed); net = classifier(len(CLASSES)).train()
    opt = torch.optim.AdamW(net.parameters(), 2e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(opt, 4e-3, steps)
    for step in range(steps):
        rows = np.sort(np.random.default_rng(seed * 7919 + step).integers(0, len(images), 64))
        x = planes(images[rows]); x = torch.where(torch.rand(len(x), 1, 1, 1) < .5, x.flip(3), x)
        loss = F.cross_entropy(net(x + 0.05 * torch.randn_like(x)), labels[rows], label_smoothing=0.05)
        opt.zero_grad(); loss.backward(); opt.step(); schedule.step()
    return net.eval()


def trained_classifier(path, data, steps):
    """The classifier kept at `path`, or a new one trained on all pictures but the held-out ones; says how good it is on those."""
    images, labels = np.load(data, mmap_mode='r'), torch.from_numpy(np.array(np.load(data + '.labels.npy', mmap_mode='r')))
    count = int(open(data + '.count').read())
    if os.path.exists(path):
        net = classifier(len(CLASSES)); net.load_state_dict(torch.load(path)); net.eval()
    else:
        with torch.enable_grad(): net = train_classifier(images[HELD_OUT:count], labels[HELD_OUT:count], steps)
        torch.save(net.state_dict(), path)
    print('classifier held-out accuracy', float(predict(net, planes(images[:HELD_OUT])).eq(labels[:HELD_OUT]).float().mean()), flush=True)
    return net


@torch.no_grad()
def predict(net, x):
    return torch.cat([net(x[i:i + 64]).argmax(1) for i in range(0, len(x), 64)])


def report_agreement(name, net, pictures, asked):
    """Prints how many of the pictures (grouped by class) are seen as the class that was asked for, and the weak classes."""
    agree = predict(net, pictures).eq(asked).float().view(len(CLASSES), -1).mean(1)
    print(f'{name} agreement {float(agree.mean()):.3f}', {CLASSES[k]: round(float(v), 2) for k, v in enumerate(agree) if v < .8}, flush=True)
    return float(agree.mean())


def bytes_of(x):
    """float (B, 3, H, W) in [-1, 1] -> uint8 (B, H, W, 3)"""
    return ((x.clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy()


def save_sheet(path, pictures, columns=6):
    """Pictures grouped by class: two columns of classes, the first pictures of each in a row."""
    u8 = bytes_of(pictures); size = u8.shape[1]
    u8 = u8.reshape(len(CLASSES), -1, size, size, 3)
    rows = [np.concatenate(list(group[:columns]), 1) for group in u8]
    half = len(rows) // 2
    Image.fromarray(np.concatenate([np.concatenate(rows[:half], 0), np.concatenate(rows[half:], 0)], 1)).save(path)


def save_pairs(path, upper, lower):
    Image.fromarray(np.concatenate([np.concatenate(list(bytes_of(t)), 1) for t in (upper, lower)], 0)).save(path)
