"""Trains the multi-scale VQVAE. Stage 1: no quantisation, crops. Stage 2: quantised, whole pictures."""
import argparse, json, math, os, time
import numpy as np
import torch
import torch.nn.functional as F
from pictures import HELD_OUT, batch, picture_loss, planes, psnr
from vqvae import VQVAE


@torch.no_grad()
def init_codebook(model, images, rng):
    """Codes from residuals at every scale: k-means on samples, scale by scale, greedily."""
    f = torch.cat([encode(model, batch(images, 32, images.shape[1], rng)) for _ in range(8)])
    q = model.quantize
    per = q.embedding.num_embeddings // len(q.patch_nums)
    points = []
    for s, pn in enumerate(q.patch_nums):
        lowered = F.interpolate(f, (pn, pn), mode='area')
        points.append(lowered.permute(0, 2, 3, 1).reshape(-1, f.shape[1]) * (1.0 if s < 3 else 0.6))
    flat = torch.cat([p[torch.randperm(len(p))[:4 * per]] for p in points])
    count = q.embedding.num_embeddings
    index = torch.randint(len(flat), (count,))
    q.embedding.weight.copy_(flat[index] + 0.01 * torch.randn(count, f.shape[1]))


def encode(model, x):
    with torch.autocast('cpu', torch.bfloat16):
        f = model.encode(x)
    return f.float()


@torch.no_grad()
def evaluate(model, held, quantised):
    model.eval()
    measured = []
    for i in range(0, len(held), 32):
        x = planes(held[i:i + 32])
        f = encode(model, x)
        if quantised:
            f = model.quantize.quantize(f)[0]
        with torch.autocast('cpu', torch.bfloat16):
            measured.append(psnr(model.decode(f), x))
    model.train()
    return float(torch.cat(measured).mean())


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--data', required=True); p.add_argument('--out', required=True)
    p.add_argument('--minutes1', type=float, default=8); p.add_argument('--minutes2', type=float, default=22)
    p.add_argument('--vocabulary', type=int, default=2048)
    p.add_argument('--patch-nums', default='1,2,3,4,5,6,8,8')
    p.add_argument('--init', help='start from these weights, quantised from the first step')
    p.add_argument('--lr', type=float, default=1e-3); p.add_argument('--batch', type=int, default=8)
    p.add_argument('--crop', type=int, default=64); p.add_argument('--seed', type=int, default=0)
    a = p.parse_args()
    torch.manual_seed(a.seed); rng = np.random.default_rng(a.seed); torch.set_num_threads(2)
    everything = np.load(a.data, mmap_mode='r'); held = np.array(everything[:HELD_OUT])
    filled = lambda: everything[HELD_OUT:int(open(a.data + '.count').read())]
    images = filled()
    patch = tuple(int(n) for n in a.patch_nums.split(','))
    model = VQVAE(a.vocabulary, patch).to(memory_format=torch.channels_last).train()
    ema = {k: v.clone() for k, v in model.state_dict().items()}
    stage, step, elapsed = 1, 0, 0.0
    if a.init:
        start = {k: v for k, v in torch.load(a.init)['ema'].items() if k != 'quantize.ema_vocab_hit_SV'}
        model.load_state_dict(start, strict=False); stage = 2
        ema = {k: v.clone() for k, v in model.state_dict().items()}
    state_path = os.path.join(a.out, 'tokenizer.pt')
    os.makedirs(a.out, exist_ok=True)
    opt = torch.optim.AdamW(model.parameters(), lr=a.lr, betas=(0.9, 0.99), weight_decay=1e-4)
    if os.path.exists(state_path):
        s = torch.load(state_path); model.load_state_dict(s['model']); opt.load_state_dict(s['opt']); ema = s['ema']; stage, step, elapsed = s['stage'], s['step'], s['elapsed']
    usage = torch.zeros(a.vocabulary)
    last, saved = time.time(), time.time()
    total = (a.minutes1 + a.minutes2) * 60
    while elapsed < total:
        if stage == 1 and elapsed > a.minutes1 * 60:
            init_codebook(model, images, rng); stage = 2
            ema = {k: v.clone() for k, v in model.state_dict().items()}
            print('stage 2', flush=True)
        progress = elapsed / total
        lr = a.lr * min(1, (step + 1) / 100) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * progress)))
        for group in opt.param_groups: group['lr'] = lr
        crop = a.crop if stage == 1 else images.shape[1]
        size = a.batch * (images.shape[1] // crop) ** 2
        x = batch(images, size, crop, rng)
        f = encode(model, x)
        loss = 0.0
        if stage == 2:
            f_hat, tokens, points, vq = model.quantize.quantize(f)
            f_in = f + (f_hat - f).detach()
            loss = vq * 1.0
            with torch.no_grad():
                for t in tokens: usage.index_add_(0, t.reshape(-1), torch.ones(t.numel()))
        else:
            f_in = f + 0.05 * torch.randn_like(f) * f.detach().std()
            loss = 1e-3 * f.square().mean()
        with torch.autocast('cpu', torch.bfloat16):
            r = model.decode(f_in)
        rec = picture_loss(r.float(), x)
        loss = loss + rec
        opt.zero_grad(set_to_none=True); loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step(); step += 1
        decay = min(0.995, (step + 1) / (step + 10))
        with torch.no_grad():
            for k, v in model.state_dict().items():
                if v.dtype.is_floating_point: ema[k].lerp_(v, 1 - decay)
            if stage == 2 and step % 100 == 0 and progress < 0.8:
                dead = (usage < 1).nonzero().flatten()
                if len(dead):
                    flat = torch.cat([q for q in points if len(q) > 8])
                    model.quantize.embedding.weight[dead] = flat[torch.randint(len(flat), (len(dead),))]
                print('dead codes', len(dead), flush=True); usage.zero_()
        now = time.time(); elapsed += min(now - last, 20); last = now
        if step % 50 == 0:
            print(f'step {step} stage {stage} {elapsed/60:.1f} min lr {lr:.2e} rec {rec.item():.4f} mse-psnr {-10*math.log10(F.mse_loss(r.float().clamp(-1,1), x).item()/4):.2f}', flush=True)
        if now - saved > 120:
            torch.save(dict(model=model.state_dict(), opt=opt.state_dict(), ema=ema, stage=stage, step=step, elapsed=elapsed), state_path + '.tmp'); os.replace(state_path + '.tmp', state_path)
            saved = time.time(); images = filled(); print('held-out', evaluate(model, held, stage == 2), flush=True); last = time.time()
    model.load_state_dict(ema)
    print('FINAL held-out', evaluate(model, held, True), flush=True)
    torch.save(dict(model=model.state_dict(), vocabulary=a.vocabulary, patch_nums=patch), os.path.join(a.out, 'tokenizer-final.pt'))


main()
