"""Measures the starter: reconstruction PSNR, and whether a classifier of world pictures sees the asked class in samples."""
import argparse, json
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from safetensors.torch import load_file
from torch import nn
from vqvae import VQVAE
from var import VAR
from world.scene import CLASSES


def planes(images):
    return torch.from_numpy(np.array(images)).permute(0, 3, 1, 2).float() / 127.5 - 1


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


@torch.no_grad()
def accuracy(net, x, labels):
    return float(torch.cat([net(x[i:i + 64]).argmax(1) for i in range(0, len(x), 64)]).eq(labels).float().mean())


@torch.no_grad()
def main():
    p = argparse.ArgumentParser()
    p.add_argument('--model', required=True); p.add_argument('--data', required=True); p.add_argument('--sheet', required=True)
    p.add_argument('--per-class', type=int, default=20); p.add_argument('--cfgs', default='1,2,3'); p.add_argument('--steps', type=int, default=700)
    p.add_argument('--top-k', type=int, default=600); p.add_argument('--top-p', type=float, default=0.95)
    a = p.parse_args(); torch.manual_seed(0); torch.set_num_threads(2)
    tokenizer = {k: v.float() if v.dtype.is_floating_point else v for k, v in load_file(f'{a.model}/tokenizer.safetensors').items()}
    transformer = {k: v.float() if v.dtype.is_floating_point else v for k, v in load_file(f'{a.model}/transformer.safetensors').items()}
    patch = tuple(int(round(n ** .5)) for n in torch.bincount(transformer['lvl_1L'][0]).tolist())
    vocabulary, z = tokenizer['quantize.embedding.weight'].shape
    vae = VQVAE(vocabulary, patch); vae.load_state_dict(tokenizer); vae.eval()
    depth = len({k.split('.')[1] for k in transformer if k.startswith('blocks.')})
    width = transformer['pos_start'].shape[-1]
    var = VAR(patch, vocabulary, z, len(CLASSES), depth, width, width // 64); var.load_state_dict(transformer); var.eval()
    everything = np.load(a.data, mmap_mode='r'); labels = torch.from_numpy(np.array(np.load(a.data + '.labels.npy', mmap_mode='r')))
    count = int(open(a.data + '.count').read())
    held = planes(everything[:128]); psnr = []
    for i in range(0, 128, 16):
        r = vae.decode(vae.quantize.quantize(vae.encode(held[i:i + 16]))[0]).clamp(-1, 1)
        psnr.append(-10 * torch.log10(((r - held[i:i + 16]) / 2).square().mean((1, 2, 3))))
        if i == 0: Image.fromarray(np.concatenate([np.concatenate(list(((t + 1) * 127.5).byte().permute(0, 2, 3, 1).numpy()), 1) for t in (held[:12], r[:12])], 0)).save(a.sheet.replace('.png', '-reconstruction.png'))
    print('PSNR', float(torch.cat(psnr).mean()), 'worst', float(torch.cat(psnr).min()), flush=True)
    with torch.enable_grad():
        net = train_classifier(everything[128:count], labels[128:count], a.steps)
    print('classifier held-out accuracy', accuracy(net, held, labels[:128]), flush=True)
    for cfg in (float(c) for c in a.cfgs.split(',')):
        asked = torch.arange(len(CLASSES)).repeat_interleave(a.per_class); pictures = []
        g = torch.Generator().manual_seed(int(cfg * 100))
        for i in range(0, len(asked), 40):
            f_hat = var.sample(vae, asked[i:i + 40], cfg, a.top_k, a.top_p, g)[1]
            pictures.append(vae.decode(f_hat).clamp(-1, 1))
        pictures = torch.cat(pictures)
        predicted = torch.cat([net(pictures[i:i + 64]).argmax(1) for i in range(0, len(pictures), 64)])
        agree = predicted.eq(asked).float().view(len(CLASSES), -1).mean(1)
        print(f'cfg {cfg} agreement {float(agree.mean()):.3f}', {CLASSES[k]: round(float(v), 2) for k, v in enumerate(agree) if v < .8}, flush=True)
        u8 = ((pictures + 1) * 127.5).byte().permute(0, 2, 3, 1).numpy().reshape(len(CLASSES), a.per_class, 128, 128, 3)
        rows = [np.concatenate(list(u8[k][:6]), 1) for k in range(len(CLASSES))]
        Image.fromarray(np.concatenate([np.concatenate(rows[:10], 0), np.concatenate(rows[10:], 0)], 1)).save(a.sheet.replace('.png', f'-cfg{cfg:g}.png'))


main()
