"""Trains FlowAR on the latents of the rendered world, teacher-forced, with label dropout for guidance."""
import argparse, math, os, time
import numpy as np
import torch
import torch.distributed as dist
from flowar import FlowAR
from kl import LATENT_SCALE
from parallel import average, launch
from pictures import HELD_OUT


def times(count, scales):
    """Half of the times uniform, half logit-normal: the middle of the way is the hardest."""
    uniform = torch.rand(count, scales)
    return torch.where(torch.rand(count, 1) < 0.5, uniform, torch.randn(count, scales).sigmoid())


def train(a, rank):
    torch.manual_seed(a.seed * 64 + rank); os.makedirs(a.out, exist_ok=True)
    latents = np.load(a.latents, mmap_mode='r')
    encoded = lambda: int(open(a.latents + '.count').read())
    labels = torch.from_numpy(np.array(np.load(a.data + '.labels.npy', mmap_mode='r')[HELD_OUT:HELD_OUT + len(latents)]))
    depth = tuple(int(d) for d in a.depth.split(','))
    model = FlowAR(tuple(int(n) for n in a.scales.split(',')), a.classes, a.width, depth, a.flow_width, a.flow_depth)
    if a.init: model.load_state_dict(torch.load(a.init)['model'])
    for value in model.state_dict().values(): dist.broadcast(value, 0)
    parameters = list(model.parameters())
    opt = torch.optim.AdamW([dict(params=[q for q in parameters if q.ndim == 2], weight_decay=0.02),
                             dict(params=[q for q in parameters if q.ndim != 2], weight_decay=0)], lr=a.lr, betas=(0.9, 0.95), fused=True)
    ema = {k: v.clone() for k, v in model.state_dict().items()}
    step, elapsed, state_path = 0, 0.0, os.path.join(a.out, 'transformer.pt')
    if os.path.exists(state_path):
        s = torch.load(state_path); model.load_state_dict(s['model']); opt.load_state_dict(s['opt']); ema, step, elapsed = s['ema'], s['step'], s['elapsed']
        torch.manual_seed((a.seed * 64 + rank) * 1_000_003 + step)
    if rank == 0: print('parameters', sum(q.numel() for q in parameters) / 1e6, flush=True)
    count = encoded()
    level = torch.cat([torch.full((n * n,), i) for i, n in enumerate(model.scales)])
    # a scale of s² tokens weighs as s: the few tokens of the small scales decide what the picture shows
    weight = torch.tensor([1 / model.scales[i] for i in level]); weight = (weight / weight.sum())[None, :, None]
    last = saved = time.time(); mean_loss = None
    while elapsed < a.minutes * 60:
        progress = elapsed / (a.minutes * 60)
        lr = a.lr * min(1, (step + 1) / 100) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * progress)))
        for g in opt.param_groups: g['lr'] = lr
        if step % 50 == 0: count = encoded()
        rows = torch.randint(count, (a.batch,))
        mean, logvar = torch.from_numpy(latents[rows.numpy(), torch.randint(2, (a.batch,)).numpy()]).float().unbind(1)
        latent = LATENT_SCALE * (mean + (0.5 * logvar).exp() * torch.randn_like(mean))
        label = torch.where(torch.rand(a.batch) < 0.1, a.classes, labels[rows])
        target, inputs = model.pyramid(latent)
        t = times(a.batch, len(model.scales)); noise = torch.randn_like(target)
        along = t[:, level, None]
        with torch.autocast('cpu', torch.bfloat16):
            v = model(label, inputs, (1 - along) * target + along * noise, t)
        errors = (v.float() - (noise - target)).square()
        loss = (errors * weight).sum(1).mean()
        model.zero_grad(set_to_none=True); loss.backward()
        now = time.time()
        elapsed = average(parameters, elapsed + min(now - last, 20)); last = now
        torch.nn.utils.clip_grad_norm_(parameters, 1.0); opt.step(); step += 1
        decay = min(a.ema, (step + 1) / (step + 10))
        with torch.no_grad():
            own = model.state_dict()
            torch._foreach_lerp_(list(ema.values()), [own[k] for k in ema], 1 - decay)
        if rank: continue
        mean_loss = loss.item() if mean_loss is None else 0.98 * mean_loss + 0.02 * loss.item()
        if step % 50 == 0:
            per = ' '.join(f'{errors[:, level == i].mean():.3f}' for i in range(len(model.scales)))
            print(f'step {step} {elapsed/60:.1f} min lr {lr:.2e} loss {mean_loss:.4f} by scale {per}', flush=True)
        if now - saved > 120:
            torch.save(dict(model=model.state_dict(), opt=opt.state_dict(), ema=ema, step=step, elapsed=elapsed), state_path + '.tmp'); os.replace(state_path + '.tmp', state_path)
            saved = time.time()
    if rank: return
    torch.save(dict(model=ema, config=vars(a)), os.path.join(a.out, 'transformer-final.pt'))
    print('done', flush=True)


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--data', required=True); p.add_argument('--out', required=True); p.add_argument('--latents', required=True, help='of encode_dataset.py, which may still be at work')
    p.add_argument('--minutes', type=float, default=60); p.add_argument('--scales', default='1,2,4,8')
    p.add_argument('--depth', default='2,3', help='blocks of the encoder, of the decoder'); p.add_argument('--width', type=int, default=192)
    p.add_argument('--flow-depth', type=int, default=3); p.add_argument('--flow-width', type=int, default=256)
    p.add_argument('--classes', type=int, default=20); p.add_argument('--batch', type=int, default=16, help='pictures for each worker')
    p.add_argument('--lr', type=float, default=1.5e-3); p.add_argument('--ema', type=float, default=0.995)
    p.add_argument('--seed', type=int, default=0); p.add_argument('--workers', type=int, default=2)
    p.add_argument('--init', help='start from these weights')
    a = p.parse_args()
    launch(train, a, a.workers)


if __name__ == '__main__':
    main()
