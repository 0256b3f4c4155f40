"""Trains the KL autoencoder on whole pictures, with a light pull of the latents to the unit Gaussian."""
import argparse, math, os, time
import numpy as np
import torch
import torch.distributed as dist
from safetensors.torch import load_file
from parallel import average, launch
from kl import KLAutoencoder, standardise
from pictures import HELD_OUT, batch, picture_loss, planes, psnr


def from_tokenizer(model, path):
    """Starts from the VQVAE's convolutions: the same network, but for the latent's width and how attention is kept."""
    own = model.state_dict()
    for key, value in load_file(path).items():
        value = value.float() if value.dtype.is_floating_point else value
        head, _, kind = key.rpartition('.')
        if head.endswith('.qkv'):
            parts = dict(zip((f'{head[:-3]}{n}.{kind}' for n in 'qkv'), value.chunk(3)))
        else:
            parts = {key: value}
        for name, part in parts.items():
            if name in own and own[name].shape == part.shape and name.split('.')[0] in ('encoder', 'decoder'):
                own[name].copy_(part)


@torch.no_grad()
def encode_all(model, images):
    """-> mean and log variance of all pictures, float32"""
    with torch.autocast('cpu', torch.bfloat16):
        parts = [model.encode(planes(images[i:i + 32])) for i in range(0, len(images), 32)]
    return tuple(torch.cat(p).float() for p in zip(*parts))


@torch.no_grad()
def evaluate(model, held):
    """PSNR of held-out pictures decoded from their latents' means, and the latents' nats per number"""
    model.eval(); measured = []
    mean, logvar = encode_all(model, held)
    for i in range(0, len(held), 32):
        with torch.autocast('cpu', torch.bfloat16):
            measured.append(psnr(model.decode(mean[i:i + 32]), planes(held[i:i + 32])))
    model.train()
    return float(torch.cat(measured).mean()), float(divergence(mean, logvar))


def divergence(mean, logvar):
    """KL divergence to the unit Gaussian, nats per number"""
    return 0.5 * (mean.square() + logvar.exp() - 1 - logvar).mean()


def train(a, rank):
    torch.manual_seed(a.seed * 64 + rank); rng = np.random.default_rng(a.seed * 64 + rank); os.makedirs(a.out, exist_ok=True)
    everything = np.load(a.data, mmap_mode='r'); held = np.array(everything[:HELD_OUT])
    images = everything[HELD_OUT:int(open(a.data + '.count').read())]
    model = KLAutoencoder()
    if a.init:
        with torch.no_grad(): from_tokenizer(model, a.init)
    if a.decoder_of: model.load_state_dict(torch.load(a.decoder_of)['model'])
    for value in model.state_dict().values(): dist.broadcast(value, 0)
    model = model.to(memory_format=torch.channels_last).train()
    if a.decoder_of: model.encoder.requires_grad_(False); model.quant_conv.requires_grad_(False)
    trained = [q for q in model.parameters() if q.requires_grad]
    ema = {k: v.clone() for k, v in model.state_dict().items()}
    opt = torch.optim.AdamW(trained, lr=a.lr, betas=(0.9, 0.99), weight_decay=1e-4, fused=True)
    step, elapsed, state_path = 0, 0.0, os.path.join(a.out, 'kl.pt')
    if os.path.exists(state_path):
        s = torch.load(state_path); model.load_state_dict(s['model']); opt.load_state_dict(s['opt']); ema, step, elapsed = s['ema'], s['step'], s['elapsed']
        rng = np.random.default_rng([a.seed, rank, step])
    last = saved = time.time()
    while elapsed < a.minutes * 60:
        progress = elapsed / (a.minutes * 60)
        lr = a.lr * min(1, (step + 1) / 100) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * progress)))
        for group in opt.param_groups: group['lr'] = lr
        x = batch(images, a.batch, images.shape[1], rng)
        with torch.autocast('cpu', torch.bfloat16):
            mean, logvar = model.encode(x)
            mean, logvar = mean.float(), logvar.float()
            r = model.decode(mean + (0.5 * logvar).exp() * torch.randn_like(mean)).float()
        nats = divergence(mean, logvar)
        loss = picture_loss(r, x) + (0 if a.decoder_of else a.kl * nats)
        opt.zero_grad(set_to_none=True); loss.backward()
        now = time.time()
        elapsed = average(trained, elapsed + min(now - last, 20)); last = now
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        opt.step(); step += 1
        decay = min(0.995, (step + 1) / (step + 10))
        with torch.no_grad():
            own = model.state_dict()
            torch._foreach_lerp_(list(ema.values()), [own[k] for k in ema], 1 - decay)
        if rank: continue
        if step % 20 == 0:
            print(f'step {step} {elapsed/60:.1f} min lr {lr:.2e} loss {loss.item():.4f} nats {nats.item():.2f} psnr {psnr(r.detach(), x).mean():.2f}', flush=True)
        if now - saved > 120:
            torch.save(dict(model=model.state_dict(), opt=opt.state_dict(), ema=ema, step=step, elapsed=elapsed), state_path + '.tmp'); os.replace(state_path + '.tmp', state_path)
            print('held-out', evaluate(model, held[:32]), flush=True); saved = time.time()
    if rank: return
    model.load_state_dict(ema)
    print('FINAL held-out', evaluate(model, held), flush=True)
    if not a.decoder_of: standardise(model, encode_all(model, images[:1024])[0])
    torch.save(dict(model=model.state_dict()), os.path.join(a.out, 'kl-final.pt'))


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--data', required=True); p.add_argument('--out', required=True)
    p.add_argument('--minutes', type=float, default=40); p.add_argument('--init', help="a trained VQVAE's safetensors to start from")
    p.add_argument('--decoder-of', help='a finished autoencoder (kl-final.pt): goes on with its decoder alone, so that its latents stay what they are')
    p.add_argument('--kl', type=float, default=2e-3, help='weight of the divergence, per number')
    p.add_argument('--lr', type=float, default=1e-3); p.add_argument('--batch', type=int, default=4, help='pictures for each worker')
    p.add_argument('--seed', type=int, default=0); p.add_argument('--workers', type=int, default=2)
    a = p.parse_args()
    launch(train, a, a.workers)


if __name__ == '__main__':
    main()
