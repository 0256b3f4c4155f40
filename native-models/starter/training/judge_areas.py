"""Judges the pictures of test/bench/areas-bench.ts: does a classifier of world pictures see the class that was asked for?"""
import argparse, json
import numpy as np
import torch
from PIL import Image
from classifier import predict, trained_classifier
from pictures import planes

p = argparse.ArgumentParser()
p.add_argument('--data', required=True); p.add_argument('--classifier', required=True)
p.add_argument('--pictures', required=True); p.add_argument('--steps', type=int, default=700)
a = p.parse_args(); torch.set_num_threads(2)
net = trained_classifier(a.classifier, a.data, a.steps)
results = json.load(open(f'{a.pictures}/results.json'))
for mask in dict.fromkeys(r['mask'] for r in results):
    for way in dict.fromkeys(r['way'] for r in results):
        rows = [r for r in results if r['mask'] == mask and r['way'] == way]
        images = np.stack([np.asarray(Image.open(f"{a.pictures}/{r['path']}").convert('RGB')) for r in rows])
        agree = predict(net, planes(images)).eq(torch.tensor([r['label'] for r in rows])).float().mean()
        print(f'{mask:6s} {way:18s} class agreement {float(agree):.2f} of {len(rows)}')
