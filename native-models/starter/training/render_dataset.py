"""Renders pictures of the world into a memory-mapped array, with labels; the count of finished ones lies beside it."""
import argparse, os
from multiprocessing import Pool
import numpy as np
from world.render import picture


def one(job):
    seed, size = job
    scene, outputs = picture(seed, size)
    return outputs['image'], scene.label


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--out', required=True); p.add_argument('--count', type=int, default=12000)
    p.add_argument('--size', type=int, default=128); p.add_argument('--first-seed', type=int, default=1_000_000)
    p.add_argument('--workers', type=int, default=2)
    a = p.parse_args()
    images = np.lib.format.open_memmap(a.out, 'w+', np.uint8, (a.count, a.size, a.size, 3))
    labels = np.lib.format.open_memmap(a.out + '.labels.npy', 'w+', np.int64, (a.count,))
    with Pool(a.workers) as pool:
        for i, (image, label) in enumerate(pool.imap(one, ((a.first_seed + i, a.size) for i in range(a.count)), 16)):
            images[i], labels[i] = image, label
            if (i + 1) % 200 == 0:
                images.flush(); labels.flush()
                open(a.out + '.count.tmp', 'w').write(str(i + 1)); os.replace(a.out + '.count.tmp', a.out + '.count')


if __name__ == '__main__':
    main()
