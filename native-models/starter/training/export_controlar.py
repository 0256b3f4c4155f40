"""Writes the ControlAR starter: float16 safetensors in the authors' key layout, the prompts' vocabulary and a card."""
import argparse, json, os, shutil
import numpy as np
import torch
from safetensors.torch import save_file
from controlar_files import FILES, load_vqgan
from pictures import HELD_OUT, planes
from world.canvas import SEGMENTS, SEGMENT_COLORS


def save_half(state, folder, part):
    save_file({k: v.half().contiguous().clone() for k, v in state.items()}, os.path.join(folder, FILES[part] + '.safetensors'))


@torch.no_grad()
def fit_preview(vqgan, images):
    """The linear map from a code and 1 to the decoder's mean colour in [0, 1]: (channels + 1, 3)."""
    x = planes(images)
    tokens = torch.cat([vqgan.tokens(vqgan.encode(x[i:i + 8])) for i in range(0, len(x), 8)])
    codes = vqgan.look_up(tokens, x.shape[-1] // 8)
    colors = torch.cat([vqgan.decode(codes[i:i + 8]) for i in range(0, len(x), 8)]).clamp(-1, 1)
    colors = (torch.nn.functional.adaptive_avg_pool2d(colors, codes.shape[-1]) + 1) / 2
    rows = codes.permute(0, 2, 3, 1).reshape(-1, codes.shape[1])
    rows = torch.cat([rows, torch.ones(len(rows), 1)], 1).double()
    target = colors.permute(0, 2, 3, 1).reshape(-1, 3).double()
    return torch.linalg.solve(rows.T @ rows + 1e-3 * torch.eye(rows.shape[1]).double(), rows.T @ target)


def regions():
    """What the colours of segmentation maps stand for; what is not painted is the first."""
    return [dict(name=name, color='#%02x%02x%02x' % tuple(map(int, color))) for name, color in zip(SEGMENTS, SEGMENT_COLORS)]


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--vqgan', required=True, help='vqgan-final.pt'); p.add_argument('--controlar', required=True, help='controlar-final.pt')
    p.add_argument('--vocabulary', required=True, help='spiece.model'); p.add_argument('--data', required=True); p.add_argument('--out', required=True)
    p.add_argument('--cfg', type=float, default=2); p.add_argument('--top-k', type=int, default=0); p.add_argument('--top-p', type=float, default=0.95)
    a = p.parse_args(); torch.set_num_threads(1)
    os.makedirs(a.out, exist_ok=True)
    trained = torch.load(a.controlar)['model']
    part = lambda name: {k.removeprefix(name + '.'): v for k, v in trained.items() if k.startswith(name + '.')}
    save_half(torch.load(a.vqgan)['model'], a.out, 'tokenizer')
    save_half(part('model'), a.out, 'transformer'); save_half(part('text'), a.out, 'text')
    shutil.copyfile(a.vocabulary, os.path.join(a.out, 'spiece.model'))
    preview = fit_preview(load_vqgan(a.out), np.load(a.data, mmap_mode='r')[HELD_OUT:HELD_OUT + 24])
    card = dict(id='starter-landscapes-control', name='Starter: illustrated landscapes, from words and maps', family='controlar', license='CC0-1.0',
                defaults=dict(cfg=a.cfg, top_k=a.top_k, top_p=a.top_p), regions=regions(),
                preview=[round(float(v), 6) for v in preview.flatten()])
    json.dump(card, open(os.path.join(a.out, 'card.json'), 'w'), indent=1)
    for name in os.listdir(a.out): os.chmod(os.path.join(a.out, name), 0o644)
    print(sum(os.path.getsize(os.path.join(a.out, name)) for name in os.listdir(a.out)) / 1e6, 'MB')


main()
