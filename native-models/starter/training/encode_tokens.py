"""Encodes the pictures of the data and their mirrors to tokens; the count of finished ones lies beside them. The renderer may still be at work."""
import argparse, os, time
import numpy as np
import torch
from pictures import planes
from vqgan import VQGAN

ROWS = 40


@torch.no_grad()
def main():
    p = argparse.ArgumentParser()
    p.add_argument('--data', required=True); p.add_argument('--vqgan', required=True, help='vqgan-final.pt'); p.add_argument('--out', required=True)
    a = p.parse_args(); torch.set_num_threads(1)
    weights = torch.load(a.vqgan)['model']
    model = VQGAN(len(weights['quantize.embedding.weight'])).to(memory_format=torch.channels_last).eval(); model.load_state_dict(weights)
    images = np.load(a.data, mmap_mode='r')
    out = np.lib.format.open_memmap(a.out, 'w+', np.int16, (len(images), 2, (images.shape[1] // 8) ** 2))
    rendered = lambda: int(open(a.data + '.count').read())
    at = 0
    while at < len(images):
        end = min(at + ROWS, rendered())
        if end == at: time.sleep(5); continue
        for mirrored in range(2):
            rows = images[at:end, :, ::-1] if mirrored else images[at:end]
            with torch.autocast('cpu', torch.bfloat16): out[at:end, mirrored] = model.tokens(model.encode(planes(rows)))
        at = end; out.flush()
        open(a.out + '.count.tmp', 'w').write(str(at)); os.replace(a.out + '.count.tmp', a.out + '.count')
    print('done', flush=True)


main()
