"""Measures the starter: reconstruction PSNR, and whether a classifier of world pictures sees the asked class in samples."""
import argparse
import numpy as np
import torch
from safetensors.torch import load_file
from classifier import report_agreement, save_pairs, save_sheet, trained_classifier
from pictures import HELD_OUT, planes, psnr
from vqvae import VQVAE
from var import VAR
from world.scene import CLASSES


@torch.no_grad()
def main():
    p = argparse.ArgumentParser()
    p.add_argument('--model', required=True); p.add_argument('--data', required=True); p.add_argument('--sheet', required=True)
    p.add_argument('--classifier', required=True, help='where the classifier of world pictures is kept')
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
    held = planes(np.load(a.data, mmap_mode='r')[:HELD_OUT])
    decoded = torch.cat([vae.decode(vae.quantize.quantize(vae.encode(held[i:i + 16]))[0]) for i in range(0, HELD_OUT, 16)])
    print('PSNR', float(psnr(decoded, held).mean()), 'worst', float(psnr(decoded, held).min()), flush=True)
    save_pairs(a.sheet.replace('.png', '-reconstruction.png'), held[:12], decoded[:12])
    net = trained_classifier(a.classifier, a.data, a.steps)
    asked = torch.arange(len(CLASSES)).repeat_interleave(a.per_class)
    for cfg in (float(c) for c in a.cfgs.split(',')):
        g = torch.Generator().manual_seed(int(cfg * 100))
        pictures = torch.cat([vae.decode(var.sample(vae, asked[i:i + 40], cfg, a.top_k, a.top_p, g)[1]) for i in range(0, len(asked), 40)]).clamp(-1, 1)
        report_agreement(f'cfg {cfg}', net, pictures, asked)
        save_sheet(a.sheet.replace('.png', f'-cfg{cfg:g}.png'), pictures)


main()
