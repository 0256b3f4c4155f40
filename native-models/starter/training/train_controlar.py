"""Trains ControlAR with its text and control encoders on the tokens of world pictures, teacher-forced. Words and map are dropped
together for guidance."""
import argparse, math, os, time
import numpy as np
import torch
import torch.distributed as dist
import torch.nn.functional as F
from control_maps import KINDS, control_map, map_planes
from controlar import ControlAR
from parallel import average, launch
from pictures import HELD_OUT
from prompts import Prompts, read_captions, vary
from text_encoder import TextEncoder

DROPPED, WORDLESS = 0.1, 0.05
SHARES = dict(canny=0.4, depth=0.25, segmentation=0.35)  # thin edges are the hardest to follow


class Samples:
    """Random pictures of the data with their tokens, maps and prompts."""

    def __init__(self, data, tokens, prompts, rng):
        self.images, self.depth, self.segments = (np.load(data + name, mmap_mode='r') for name in ('', '.depth.npy', '.segments.npy'))
        self.captions, self.prompts, self.rng = [], prompts, rng
        self.data, self.path, self.tokens = data, tokens, np.load(tokens, mmap_mode='r')
        self.refresh()

    def refresh(self):
        """More may have been encoded meanwhile."""
        self.count = int(open(self.path + '.count').read())
        self.captions = read_captions(self.data)

    def one(self):
        row, mirrored = int(self.rng.integers(HELD_OUT, self.count)), int(self.rng.integers(2))
        picture = self.images[row], self.depth[row], self.segments[row]
        if mirrored: picture = [np.ascontiguousarray(plane[:, ::-1]) for plane in picture]
        text = '' if self.rng.random() < WORDLESS else vary(self.captions[row], self.rng)
        return self.tokens[row, mirrored], control_map(self.rng.choice(KINDS, p=[SHARES[kind] for kind in KINDS]), *picture, self.rng), text

    def batch(self, size):
        """-> tokens (B, N), maps (B, 3, S, S), ids and valid (B, n), dropped (B)"""
        tokens, maps, texts = zip(*(self.one() for _ in range(size)))
        ids, valid = self.prompts.batch(texts)
        return torch.from_numpy(np.stack(tokens).astype(np.int64)), map_planes(maps), ids, valid, torch.from_numpy(self.rng.random(size) < DROPPED)


def corrupted(tokens, vocabulary, most):
    """Some inputs are replaced by random codes: a picture in the making has mistakes too."""
    share = most * torch.rand(len(tokens), 1)
    return torch.where(torch.rand(tokens.shape) < share, torch.randint(vocabulary, tokens.shape), tokens)


def optimizers(model, text, a):
    """Muon for the matrices of the transformers' layers, AdamW for everything else."""
    inner, rest = [], []
    for name, value in [*model.named_parameters(), *text.named_parameters()]:
        if not value.requires_grad: continue
        matrix = value.ndim == 2 and not any(part in name for part in ('embed', 'output.weight', 'shared', 'cls_token', 'bias'))
        (inner if matrix else rest).append(value)
    return [torch.optim.Muon(inner, lr=a.lr, weight_decay=0.02, adjust_lr_fn='match_rms_adamw'),
            torch.optim.AdamW(rest, lr=a.lr, betas=(0.9, 0.98), weight_decay=0, fused=True)]


def train(a, rank):
    torch.manual_seed(a.seed * 64 + rank); os.makedirs(a.out, exist_ok=True)
    prompts = Prompts(a.vocabulary)
    model, text = ControlAR(a.codes, a.width, a.layers, control_layers=a.control_layers), TextEncoder(len(prompts))
    both = torch.nn.ModuleDict(dict(model=model, text=text))
    if a.init: both.load_state_dict(torch.load(a.init)['model'])
    for value in both.state_dict().values(): dist.broadcast(value, 0)
    trained = [q for q in both.parameters() if q.requires_grad]
    opts = optimizers(model, text, a)
    ema = {k: v.clone() for k, v in both.state_dict().items()}
    step, elapsed, state_path = 0, 0.0, os.path.join(a.out, 'controlar.pt')
    if os.path.exists(state_path):
        s = torch.load(state_path); both.load_state_dict(s['model']); ema, step, elapsed = s['ema'], s['step'], s['elapsed']
        for opt, state in zip(opts, s['opts']): opt.load_state_dict(state)
    samples = Samples(a.data, a.tokens, prompts, np.random.default_rng([a.seed, rank, step])); torch.manual_seed((a.seed * 64 + rank) * 1_000_003 + step)
    if rank == 0: print('parameters', sum(q.numel() for q in model.parameters()) / 1e6, sum(q.numel() for q in text.parameters()) / 1e6, flush=True)
    last = saved = time.time(); mean_loss = None
    while elapsed < a.minutes * 60:
        progress = elapsed / (a.minutes * 60)
        factor = min(1, (step + 1) / 60) * min(1, 0.02 + (1 - progress) / a.decay)
        for opt in opts:
            for g in opt.param_groups: g['lr'] = a.lr * factor
        if step % 50 == 0: samples.refresh()
        tokens, maps, ids, valid, dropped = samples.batch(a.batch)
        with torch.autocast('cpu', torch.bfloat16):
            words = model.words(text(ids, valid), valid, dropped)
            control = model.control(maps) * ~dropped[None, :, None, None]
            logits = model(words, valid, corrupted(tokens, a.codes, a.corruption), control)
        loss = F.cross_entropy(logits.float().flatten(0, 1), tokens.flatten())
        both.zero_grad(set_to_none=True); loss.backward()
        now = time.time()
        elapsed = average(trained, elapsed + min(now - last, 20)); last = now
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        for opt in opts: opt.step()
        step += 1
        decay = min(a.ema, (step + 1) / (step + 10))
        with torch.no_grad():
            own = both.state_dict()
            torch._foreach_lerp_(list(ema.values()), [own[k] for k in ema], 1 - decay)
        if rank: continue
        mean_loss = loss.item() if mean_loss is None else 0.97 * mean_loss + 0.03 * loss.item()
        if step % 20 == 0: print(f'step {step} {elapsed/60:.1f} min factor {factor:.2f} loss {mean_loss:.4f} pictures {samples.count}', flush=True)
        if now - saved > 120:
            torch.save(dict(model=both.state_dict(), opts=[opt.state_dict() for opt in opts], ema=ema, step=step, elapsed=elapsed), state_path + '.tmp'); os.replace(state_path + '.tmp', state_path)
            saved = time.time()
    if rank: return
    torch.save(dict(model=ema, config=vars(a)), os.path.join(a.out, 'controlar-final.pt'))
    print('done', flush=True)


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--data', required=True); p.add_argument('--out', required=True)
    p.add_argument('--tokens', required=True, help='of encode_tokens.py, which may still be at work')
    p.add_argument('--vocabulary', required=True, help='spiece.model of prompts.py')
    p.add_argument('--minutes', type=float, default=50); p.add_argument('--codes', type=int, default=2048)
    p.add_argument('--width', type=int, default=256); p.add_argument('--layers', type=int, default=6); p.add_argument('--control-layers', type=int, default=3)
    p.add_argument('--batch', type=int, default=8, help='pictures for each worker'); p.add_argument('--corruption', type=float, default=0.2)
    p.add_argument('--lr', type=float, default=3e-3); p.add_argument('--decay', type=float, default=0.6, help='share of the time in which the rate falls')
    p.add_argument('--ema', type=float, default=0.99); p.add_argument('--seed', type=int, default=0); p.add_argument('--workers', type=int, default=2)
    p.add_argument('--init', help='start from these weights')
    a = p.parse_args()
    launch(train, a, a.workers)


if __name__ == '__main__':
    main()
