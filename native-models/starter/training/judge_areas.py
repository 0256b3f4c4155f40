"""Judges the pictures of test/bench/areas-bench.ts: does a classifier of world pictures see the class that was asked for?"""
import argparse, json
import numpy as np
import torch
from PIL import Image
from evaluate import accuracy, planes, train_classifier

p = argparse.ArgumentParser()
p.add_argument('--data', required=True); p.add_argument('--pictures', required=True); p.add_argument('--steps', type=int, default=700)
a = p.parse_args(); torch.set_num_threads(2)
everything = np.load(a.data, mmap_mode='r'); labels = torch.from_numpy(np.array(np.load(a.data + '.labels.npy', mmap_mode='r')))
count = int(open(a.data + '.count').read())
net = train_classifier(everything[128:count], labels[128:count], a.steps)
print('held-out accuracy', accuracy(net, planes(everything[:128]), labels[:128]))
results = json.load(open(f'{a.pictures}/results.json'))
for mask in dict.fromkeys(r['mask'] for r in results):
    for way in dict.fromkeys(r['way'] for r in results):
        rows = [r for r in results if r['mask'] == mask and r['way'] == way]
        images = np.stack([np.asarray(Image.open(f"{a.pictures}/{r['path']}").convert('RGB')) for r in rows])
        agree = accuracy(net, planes(images), torch.tensor([r['label'] for r in rows]))
        print(f'{mask:6s} {way:18s} class agreement {agree:.2f} of {len(rows)}')
