"""Measures the FlowAR starter: reconstruction PSNR, and whether a classifier of world pictures sees the asked class in samples."""
import argparse
import numpy as np
import torch
from classifier import report_agreement, save_pairs, save_sheet, trained_classifier
from flowar_files import load_flowar, load_kl
from kl import LATENT_SCALE
from pictures import HELD_OUT, planes, psnr
from world.scene import CLASSES


def numbers(text, kind=float):
    return [kind(n) for n in text.split(',')]


@torch.no_grad()
def main():
    p = argparse.ArgumentParser()
    p.add_argument('--model', required=True); p.add_argument('--data', required=True); p.add_argument('--sheet', required=True)
    p.add_argument('--classifier', required=True, help='where the classifier of world pictures is kept')
    p.add_argument('--per-class', type=int, default=20); p.add_argument('--classifier-steps', type=int, default=700)
    p.add_argument('--cfgs', type=numbers, default=[1.5, 2.5, 4]); p.add_argument('--highs', type=numbers, default=[0.9], help='where guidance begins')
    p.add_argument('--steps', type=lambda t: numbers(t, int), default=[25], help='steps of every scale, or of each')
    p.add_argument('--fast', action='store_true', help='sample in bfloat16')
    p.add_argument('--threads', type=int, default=1); p.add_argument('--seed', type=int, default=0); p.add_argument('--no-reconstruction', action='store_true')
    a = p.parse_args(); torch.set_num_threads(a.threads)
    kl, model = load_kl(a.model), load_flowar(a.model)
    if not a.no_reconstruction:
        held = planes(np.load(a.data, mmap_mode='r')[:HELD_OUT])
        decoded = torch.cat([kl.decode(kl.encode(held[i:i + 16])[0]) for i in range(0, HELD_OUT, 16)])
        print('PSNR', float(psnr(decoded, held).mean()), 'worst', float(psnr(decoded, held).min()), flush=True)
        save_pairs(a.sheet.replace('.png', '-reconstruction.png'), held[:12], decoded[:12])
    net = trained_classifier(a.classifier, a.data, a.classifier_steps)
    asked = torch.arange(len(CLASSES)).repeat_interleave(a.per_class)
    steps = a.steps[0] if len(a.steps) == 1 else a.steps
    for cfg in a.cfgs:
        for high in a.highs:
            pictures = []; g = torch.Generator().manual_seed(int(cfg * 100) + a.seed)
            for i in range(0, len(asked), 40):
                with torch.autocast('cpu', torch.bfloat16, enabled=a.fast):
                    pictures.append(kl.decode(model.sample(asked[i:i + 40], cfg, high, steps, generator=g) / LATENT_SCALE).float())
            pictures = torch.cat(pictures).clamp(-1, 1)
            report_agreement(f'cfg {cfg} from {high} steps {a.steps}', net, pictures, asked)
            save_sheet(a.sheet.replace('.png', f'-cfg{cfg:g}-from{high:g}.png'), pictures)


if __name__ == '__main__':
    main()
