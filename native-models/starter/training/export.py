"""Writes the starter model: float16 safetensors in the authors' key layout, labels and a card."""
import argparse, json, os
import numpy as np
import torch
from safetensors.torch import save_file
from vqvae import VQVAE
from world.scene import CLASSES


def half(state):
    return {k: (v.half() if v.dtype.is_floating_point else v).contiguous().clone() for k, v in state.items()}


@torch.no_grad()
def fit_preview(vae, images):
    """The linear map from a latent pixel and 1 to the decoder's mean colour in [0, 1]: (Z + 1, 3)."""
    x = torch.from_numpy(np.array(images)).permute(0, 3, 1, 2).float() / 127.5 - 1
    f_hat = torch.cat([vae.quantize.quantize(vae.encode(x[i:i + 8]))[0] for i in range(0, len(x), 8)])
    colors = torch.cat([vae.decode(f_hat[i:i + 8]) for i in range(0, len(x), 8)]).clamp(-1, 1)
    colors = (torch.nn.functional.adaptive_avg_pool2d(colors, f_hat.shape[-1]) + 1) / 2
    rows = f_hat.permute(0, 2, 3, 1).reshape(-1, f_hat.shape[1])
    rows = torch.cat([rows, torch.ones(len(rows), 1)], 1).double()
    target = colors.permute(0, 2, 3, 1).reshape(-1, 3).double()
    return torch.linalg.solve(rows.T @ rows + 1e-3 * torch.eye(rows.shape[1]).double(), rows.T @ target)


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--tokenizer', required=True); p.add_argument('--transformer', required=True)
    p.add_argument('--data', required=True); p.add_argument('--out', required=True)
    p.add_argument('--cfg', type=float, default=2.0); p.add_argument('--top-k', type=int, default=600); p.add_argument('--top-p', type=float, default=0.95)
    a = p.parse_args()
    os.makedirs(a.out, exist_ok=True)
    t = torch.load(a.tokenizer); transformer = torch.load(a.transformer)['model']
    vae = VQVAE(t['vocabulary'], t['patch_nums']); vae.load_state_dict(t['model']); vae.eval()
    save_file(half(t['model']), os.path.join(a.out, 'tokenizer.safetensors'))
    save_file(half(transformer), os.path.join(a.out, 'transformer.safetensors'))
    preview = fit_preview(vae, np.load(a.data, mmap_mode='r')[128:192])
    json.dump({'labels': CLASSES}, open(os.path.join(a.out, 'labels.json'), 'w'), indent=1)
    card = dict(id='starter-landscapes', name='Starter: illustrated landscapes', family='var', license='CC0-1.0',
                defaults=dict(cfg=a.cfg, top_k=a.top_k, top_p=a.top_p), preview=[round(float(v), 6) for v in preview.flatten()])
    json.dump(card, open(os.path.join(a.out, 'card.json'), 'w'), indent=1)
    for name in ('tokenizer', 'transformer'):
        print(name, os.path.getsize(os.path.join(a.out, name + '.safetensors')) / 2 ** 20, 'MiB')


main()
