"""Trains VAR on the tokens of the rendered world, teacher-forced, with label dropout for guidance."""
import argparse, math, os, time
import numpy as np
import torch
import torch.nn.functional as F
from vqvae import VQVAE
from var import VAR


@torch.no_grad()
def tokenize(vae, images, flip, size=32):
    """-> (N, L) int64 tokens; `flip` mirrors the pictures"""
    out = []
    for i in range(0, len(images), size):
        x = torch.from_numpy(np.ascontiguousarray(images[i:i + size][:, :, ::-1] if flip else images[i:i + size]))
        x = x.permute(0, 3, 1, 2).float() / 127.5 - 1
        with torch.autocast('cpu', torch.bfloat16):
            f = vae.encode(x.contiguous(memory_format=torch.channels_last))
        out.append(torch.cat(vae.quantize.quantize(f.float())[1], 1).to(torch.int16))
    return torch.cat(out)


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--data', required=True); p.add_argument('--out', required=True); p.add_argument('--tokenizer', required=True)
    p.add_argument('--minutes', type=float, default=36); p.add_argument('--depth', type=int, default=6)
    p.add_argument('--width', type=int, default=256); p.add_argument('--heads', type=int, default=4)
    p.add_argument('--classes', type=int, default=20); p.add_argument('--batch', type=int, default=16)
    p.add_argument('--lr', type=float, default=2e-3); p.add_argument('--seed', type=int, default=0)
    p.add_argument('--init', help='start from these weights')
    a = p.parse_args()
    torch.manual_seed(a.seed); torch.set_num_threads(2); os.makedirs(a.out, exist_ok=True)
    t = torch.load(a.tokenizer); vae = VQVAE(t['vocabulary'], t['patch_nums']); vae.load_state_dict(t['model'])
    vae = vae.to(memory_format=torch.channels_last).eval().requires_grad_(False)
    count = int(open(a.data + '.count').read())
    cache = os.path.join(a.out, 'tokens.pt')
    if os.path.exists(cache):
        tokens = torch.load(cache)
    else:
        start = time.time(); images = np.load(a.data, mmap_mode='r')[128:count]
        tokens = torch.stack([tokenize(vae, images, False), tokenize(vae, images, True)])
        torch.save(tokens, cache); print('tokenized in', time.time() - start, flush=True)
    labels = torch.from_numpy(np.array(np.load(a.data + '.labels.npy', mmap_mode='r')[128:count]))
    model = VAR(t['patch_nums'], t['vocabulary'], 32, a.classes, a.depth, a.width, a.heads)
    if a.init: model.load_state_dict(torch.load(a.init)['model'])
    compiled = torch.compile(model)
    print('parameters', sum(q.numel() for q in model.parameters()) / 1e6, flush=True)
    decayed = [q for q in model.parameters() if q.ndim == 2]; rest = [q for q in model.parameters() if q.ndim != 2]
    opt = torch.optim.AdamW([dict(params=decayed, weight_decay=0.05), dict(params=rest, weight_decay=0)], lr=a.lr, betas=(0.9, 0.95), fused=True)
    ema = {k: v.clone() for k, v in model.state_dict().items()}
    step, elapsed, state_path = 0, 0.0, os.path.join(a.out, 'transformer.pt')
    if os.path.exists(state_path):
        s = torch.load(state_path); model.load_state_dict(s['model']); opt.load_state_dict(s['opt']); ema, step, elapsed = s['ema'], s['step'], s['elapsed']
    bounds = np.cumsum([0] + [n * n for n in t['patch_nums']])
    last = saved = time.time(); average = None
    while elapsed < a.minutes * 60:
        progress = elapsed / (a.minutes * 60)
        lr = a.lr * min(1, (step + 1) / 60) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * progress)))
        for g in opt.param_groups: g['lr'] = lr
        rows = torch.randint(len(labels), (a.batch,)); mirrored = torch.randint(2, (a.batch,))
        target = tokens[mirrored, rows].long()
        label = torch.where(torch.rand(a.batch) < 0.1, a.classes, labels[rows])
        inputs, _ = vae.quantize.inputs([target[:, bounds[i]:bounds[i + 1]] for i in range(len(t['patch_nums']))])
        with torch.autocast('cpu', torch.bfloat16):
            logits = compiled(label, inputs)
        loss_all = F.cross_entropy(logits.float().flatten(0, 1), target.flatten(), reduction='none').view_as(target)
        loss = loss_all.mean()
        opt.zero_grad(set_to_none=True); loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0); opt.step(); step += 1
        decay = min(0.998, (step + 1) / (step + 10))
        with torch.no_grad():
            for k, v in model.state_dict().items():
                if v.dtype.is_floating_point: ema[k].lerp_(v, 1 - decay)
        average = loss.item() if average is None else 0.98 * average + 0.02 * loss.item()
        now = time.time(); elapsed += min(now - last, 20); last = now
        if step % 25 == 0:
            per = [f'{loss_all[:, bounds[i]:bounds[i + 1]].mean():.2f}' for i in range(len(t['patch_nums']))]
            print(f'step {step} {elapsed/60:.1f} min lr {lr:.2e} loss {average:.3f} by scale {" ".join(per)}', flush=True)
        if now - saved > 120:
            torch.save(dict(model=model.state_dict(), opt=opt.state_dict(), ema=ema, step=step, elapsed=elapsed), state_path + '.tmp'); os.replace(state_path + '.tmp', state_path)
            saved = time.time()
    model.load_state_dict(ema)
    torch.save(dict(model=model.state_dict(), config=vars(a)), os.path.join(a.out, 'transformer-final.pt'))
    print('done', flush=True)


main()
