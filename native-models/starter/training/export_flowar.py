"""Writes the FlowAR starter: float16 safetensors in the authors' key layout, labels and a card."""
import argparse, json, os
import numpy as np
import torch
from safetensors.torch import save_file
from flowar_files import load_kl
from kl import LATENT_SCALE
from pictures import HELD_OUT, planes
from world.scene import CLASSES


def half(state, kept=('mask', '.rope.freqs')):
    """Weights in float16; the buffers, which consumers compute for themselves, as they are."""
    return {k: (v if k.endswith(kept) else v.half()).contiguous().clone() for k, v in state.items()}


@torch.no_grad()
def fit_preview(kl, images):
    """The linear map from a latent pixel (scaled, as the transformer makes it) and 1 to the decoder's mean colour in [0, 1]: (z + 1, 3)."""
    mean = torch.cat([kl.encode(planes(images[i:i + 8]))[0] for i in range(0, len(images), 8)])
    colors = torch.cat([kl.decode(mean[i:i + 8]) for i in range(0, len(mean), 8)]).clamp(-1, 1)
    colors = (torch.nn.functional.adaptive_avg_pool2d(colors, mean.shape[-1]) + 1) / 2
    rows = LATENT_SCALE * mean.permute(0, 2, 3, 1).reshape(-1, mean.shape[1])
    rows = torch.cat([rows, torch.ones(len(rows), 1)], 1).double()
    target = colors.permute(0, 2, 3, 1).reshape(-1, 3).double()
    return torch.linalg.solve(rows.T @ rows + 1e-3 * torch.eye(rows.shape[1]).double(), rows.T @ target)


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--kl', required=True); p.add_argument('--transformer', required=True)
    p.add_argument('--data', required=True); p.add_argument('--out', required=True)
    p.add_argument('--cfg', type=float, default=2.4); p.add_argument('--guidance-high', type=float, default=0.9)
    p.add_argument('--steps', type=int, default=25); p.add_argument('--annealed', action='store_true')
    a = p.parse_args(); torch.set_num_threads(1)
    os.makedirs(a.out, exist_ok=True)
    save_file(half(torch.load(a.kl)['model']), os.path.join(a.out, 'autoencoder.safetensors'))
    save_file(half(torch.load(a.transformer)['model']), os.path.join(a.out, 'transformer.safetensors'))
    preview = fit_preview(load_kl(a.out), np.load(a.data, mmap_mode='r')[HELD_OUT:HELD_OUT + 32])
    json.dump({'labels': CLASSES}, open(os.path.join(a.out, 'labels.json'), 'w'), indent=1)
    card = dict(id='starter-landscapes-flow', name='Starter: illustrated landscapes, flowing', family='flowar', license='CC0-1.0',
                defaults=dict(cfg=a.cfg, guidance_high=a.guidance_high, steps=a.steps, annealed=a.annealed),
                preview=[round(float(v), 6) for v in preview.flatten()])
    json.dump(card, open(os.path.join(a.out, 'card.json'), 'w'), indent=1)
    for name in os.listdir(a.out): os.chmod(os.path.join(a.out, name), 0o644)
    print(sum(os.path.getsize(os.path.join(a.out, name + '.safetensors')) for name in ('autoencoder', 'transformer')) / 1e6, 'MB')


main()
