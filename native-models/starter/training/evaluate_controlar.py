"""Measures the ControlAR starter on maps and captions of pictures that training never saw: edges, segments and depth of what it paints
against the maps, and whether a classifier sees the class of the caption."""
import argparse
import cv2
import numpy as np
import torch
from PIL import Image
from classifier import bytes_of, predict, trained_classifier
from control_maps import KINDS, canny, control_map, map_planes
from controlar_files import load_controlar, load_vqgan
from judge import judged, mean_iou, trained_judge
from pictures import planes, psnr
from world.captions import caption
from world.render import picture

FIRST_SEED, REACH = 7_000_000, 2


def unseen(count, size):
    """Scenes of seeds that no training has: images, nearness, segments, labels, captions"""
    parts = []
    for i in range(count):
        scene, out = picture(FIRST_SEED + i, size)
        parts.append((out['image'], (255 * (1 - out['depth'])).round().astype(np.uint8), out['segment'], scene.label, caption(scene)))
    return [np.stack(part) if not isinstance(part[0], str) else list(part) for part in zip(*parts)]


def edge_f1(seen, wanted):
    """Edges within REACH pixels of one another, all pictures together -> precision, recall, F1"""
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * REACH + 1, 2 * REACH + 1))
    hits = [(((s > 0) & (cv2.dilate(w, disk) > 0)).sum(), (s > 0).sum(), ((w > 0) & (cv2.dilate(s, disk) > 0)).sum(), (w > 0).sum()) for s, w in zip(seen, wanted)]
    a, b, c, d = np.sum(hits, 0)
    precision, recall = a / max(b, 1), c / max(d, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def report(name, x, truth, net, judge):
    """Prints what is measured on pictures x (B, 3, S, S), whatever they were made of"""
    images, depth, segments, labels, _ = truth
    seen, near = judged(judge, x)
    wanted, nearness = torch.from_numpy(segments.astype(np.int64)), torch.from_numpy(depth).float() / 255
    made = bytes_of(x)
    edges, faint = (edge_f1(*([canny(image, low, 2 * low) for image in side] for side in (made, images))) for low in (100, 50))
    iou, by_name = mean_iou(seen, wanted)
    together = torch.corrcoef(torch.stack([near.flatten(), nearness.flatten()]))[0, 1]
    print(f'{name}: edges F1 {edges[2]:.3f} (precision {edges[0]:.3f}, recall {edges[1]:.3f}), with half the thresholds {faint[2]:.3f}; segments mIoU {iou:.3f}, pixels {float((seen == wanted).float().mean()):.3f}; '
          f'depth error {float((near - nearness).abs().mean()):.3f}, correlation {float(together):.3f}; prompt agreement {float((predict(net, x) == torch.from_numpy(labels)).float().mean()):.3f}', by_name, flush=True)


@torch.no_grad()
def paint(models, maps, texts, cfg, top_k, top_p, seed):
    """-> pictures (B, 3, S, S)"""
    vqgan, model, text, prompts = models
    g, pictures = torch.Generator().manual_seed(seed), []
    for i in range(0, len(texts), 50):
        ids, valid = prompts.batch(texts[i:i + 50])
        features = text(ids, valid).repeat(2, 1, 1); valid = valid.repeat(2, 1)
        words = model.words(features, valid, torch.arange(len(valid)) >= len(ids))
        tokens = model.sample(words, valid, model.control(map_planes(maps[i:i + 50])), cfg, top_k, top_p, generator=g)
        pictures.append(vqgan.decode(vqgan.look_up(tokens, model.side)))
    return torch.cat(pictures).clamp(-1, 1)


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--model', required=True); p.add_argument('--data', required=True); p.add_argument('--sheet', required=True)
    p.add_argument('--classifier', required=True); p.add_argument('--judge', required=True, help='where the judge of world pictures is kept')
    p.add_argument('--count', type=int, default=200); p.add_argument('--classifier-steps', type=int, default=700); p.add_argument('--judge-steps', type=int, default=500)
    p.add_argument('--cfgs', default='1,2'); p.add_argument('--top-k', type=int, default=0); p.add_argument('--top-ps', default='0.95')
    p.add_argument('--threads', type=int, default=1); p.add_argument('--seed', type=int, default=0); p.add_argument('--kinds', default=','.join(KINDS))
    a = p.parse_args(); torch.set_num_threads(a.threads)
    net, judge = trained_classifier(a.classifier, a.data, a.classifier_steps), trained_judge(a.judge, a.data, a.judge_steps)
    truth = unseen(a.count, 128); x = planes(truth[0])
    report('the pictures themselves', x, truth, net, judge)
    vqgan, models = load_vqgan(a.model), load_controlar(a.model)
    with torch.no_grad(): again = torch.cat([vqgan.decode(vqgan.look_up(vqgan.tokens(vqgan.encode(x[i:i + 25])), 16)) for i in range(0, len(x), 25)])
    print('PSNR', float(psnr(again, x).mean()), 'worst', float(psnr(again, x).min()), flush=True)
    report('through the tokenizer', again.clamp(-1, 1), truth, net, judge)
    for cfg in map(float, a.cfgs.split(',')):
        for top_p in map(float, a.top_ps.split(',')):
            for kind in a.kinds.split(','):
                maps = [control_map(kind, *planes_of) for planes_of in zip(*truth[:3])]
                painted = paint((vqgan, *models), maps, truth[4], cfg, a.top_k, top_p, a.seed)
                report(f'{kind}, cfg {cfg:g}, top-p {top_p:g}', painted, truth, net, judge)
                rows = [np.concatenate(list(row), 1) for row in (np.stack(maps[:12]), bytes_of(painted[:12]), truth[0][:12], np.stack(maps[12:24]), bytes_of(painted[12:24]), truth[0][12:24])]
                Image.fromarray(np.concatenate(rows)).save(a.sheet.replace('.png', f'-{kind}-cfg{cfg:g}-p{top_p:g}.png'))


if __name__ == '__main__':
    main()
