"""Renders pictures of the world into memory-mapped arrays, with labels, and with `--maps` depth, segments and captions; the count
of finished ones lies beside them."""
import argparse, json, os
from multiprocessing import Pool
import numpy as np
from world.captions import caption
from world.render import picture


def one(job):
    seed, size = job
    scene, outputs = picture(seed, size)
    near = (255 * (1 - outputs['depth'])).round().astype(np.uint8)
    return outputs['image'], scene.label, near, outputs['segment'], caption(scene)


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--out', required=True); p.add_argument('--count', type=int, default=12000)
    p.add_argument('--size', type=int, default=128); p.add_argument('--first-seed', type=int, default=1_000_000)
    p.add_argument('--maps', action='store_true', help='also .depth.npy (255 is nearest), .segments.npy and .captions.jsonl')
    p.add_argument('--workers', type=int, default=2)
    a = p.parse_args()
    array = lambda name, kind, *shape: np.lib.format.open_memmap(a.out + name, 'w+', kind, (a.count, *shape))
    images, labels = array('', np.uint8, a.size, a.size, 3), array('.labels.npy', np.int64)
    maps = [array(name, np.uint8, a.size, a.size) for name in ('.depth.npy', '.segments.npy')] if a.maps else []
    captions = open(a.out + '.captions.jsonl', 'w') if a.maps else None
    with Pool(a.workers) as pool:
        jobs = ((a.first_seed + i, a.size) for i in range(a.count))
        for i, (image, label, depth, segment, text) in enumerate(pool.imap(one, jobs, 16)):
            images[i], labels[i] = image, label
            if a.maps:
                maps[0][i], maps[1][i] = depth, segment
                captions.write(json.dumps(text) + '\n')
            if (i + 1) % 200 == 0 or i + 1 == a.count:
                for file in (images, labels, *maps, *filter(None, [captions])): file.flush()
                open(a.out + '.count.tmp', 'w').write(str(i + 1)); os.replace(a.out + '.count.tmp', a.out + '.count')


if __name__ == '__main__':
    main()
