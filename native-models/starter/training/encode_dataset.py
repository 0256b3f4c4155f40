"""Encodes the pictures and their mirrors into a memory-mapped array of latents; the count of finished ones lies beside it."""
import argparse, os
import numpy as np
import torch
from kl import KLAutoencoder
from pictures import HELD_OUT, planes


@torch.no_grad()
def main():
    p = argparse.ArgumentParser()
    p.add_argument('--data', required=True); p.add_argument('--kl', required=True); p.add_argument('--out', required=True)
    p.add_argument('--batch', type=int, default=16); p.add_argument('--threads', type=int, default=1)
    a = p.parse_args(); torch.set_num_threads(a.threads)
    kl = KLAutoencoder(); kl.load_state_dict(torch.load(a.kl)['model']); kl = kl.to(memory_format=torch.channels_last).eval()
    images = np.load(a.data, mmap_mode='r')[HELD_OUT:int(open(a.data + '.count').read())]
    z, side = kl.post_quant_conv.in_channels, images.shape[1] // 16
    # picture, plain or mirrored, mean or log variance
    latents = np.lib.format.open_memmap(a.out, 'w+', np.float16, (len(images), 2, 2, z, side, side))
    for i in range(0, len(images), a.batch):
        part = images[i:i + a.batch]
        for mirrored in (0, 1):
            with torch.autocast('cpu', torch.bfloat16):
                mean, logvar = kl.encode(planes(part[:, :, ::-1] if mirrored else part))
            latents[i:i + len(part), mirrored] = torch.stack([mean, logvar], 1).half().numpy()
        if i // a.batch % 16 == 15 or i + a.batch >= len(images):
            latents.flush()
            open(a.out + '.count.tmp', 'w').write(str(i + len(part))); os.replace(a.out + '.count.tmp', a.out + '.count')


if __name__ == '__main__':
    main()
