"""Renders pictures of the world that training never saw, as PNGs with a list of their classes: what test/bench edits."""
import argparse, json, os
from PIL import Image
from world.render import picture

p = argparse.ArgumentParser()
p.add_argument('--out', required=True); p.add_argument('--count', type=int, default=40)
p.add_argument('--size', type=int, default=128); p.add_argument('--first-seed', type=int, default=50_000_000)
a = p.parse_args()
os.makedirs(a.out, exist_ok=True)
items = []
for i in range(a.count):
    scene, outputs = picture(a.first_seed + i, a.size)
    Image.fromarray(outputs['image']).save(f'{a.out}/{i:03d}.png')
    items.append(dict(file=f'{i:03d}.png', label=scene.label))
json.dump(items, open(f'{a.out}/items.json', 'w'))
