"""Trains LlamaGen's tokenizer on whole pictures: without quantisation first, then with it; or its decoder alone."""
import argparse, math, os, time
import numpy as np
import torch
import torch.distributed as dist
import torch.nn.functional as F
from parallel import average, launch
from pictures import HELD_OUT, batch, gradient, planes, psnr
from vqgan import VQGAN


def from_kl(model, path):
    """Starts from the KL autoencoder's convolutions. It has a level more, so that the levels of the same size and width are taken."""
    own = model.state_dict()
    levels = {'encoder.down.0': 'encoder.conv_blocks.0', 'encoder.down.1': 'encoder.conv_blocks.1', 'encoder.down.2': 'encoder.conv_blocks.2',
              'encoder.down.4': 'encoder.conv_blocks.3', 'decoder.up.4': 'decoder.conv_blocks.0', 'decoder.up.3': 'decoder.conv_blocks.1',
              'decoder.up.1': 'decoder.conv_blocks.2', 'decoder.up.0': 'decoder.conv_blocks.3'}
    parts = {'.mid.block_1.': '.mid.0.', '.mid.attn_1.': '.mid.1.', '.mid.block_2.': '.mid.2.', '.block.': '.res.'}
    taken = 0
    for key, value in torch.load(path)['model'].items():
        name = next((to + key[len(start):] for start, to in levels.items() if key.startswith(start + '.')), key)
        for old, new in parts.items(): name = name.replace(old, new)
        if name in own and own[name].shape == value.shape and name.split('.')[0] in ('encoder', 'decoder'):
            own[name].copy_(value); taken += 1
    return taken, len(own)


def sharp_loss(r, x):
    """L1 that weighs more where the picture changes quickly, gradient difference, a little L2: edges have to stay edges."""
    (ra, rb), (xa, xb) = gradient(r), gradient(x)
    change = F.pad(xa.abs().mean(1, keepdim=True), (0, 0, 0, 1)) + F.pad(xb.abs().mean(1, keepdim=True), (0, 1))
    return ((1 + 6 * change) * (r - x).abs()).mean() * 0.7 + F.mse_loss(r, x) + F.l1_loss(ra, xa) + F.l1_loss(rb, xb)


def edge_strength(x):
    """How strong an edge is within 2 pixels: what Canny's detector measures, up to about its upper threshold. (B, 1, H, W)"""
    sobel = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    kernels = torch.stack([sobel, sobel.T])[:, None].repeat(3, 1, 1, 1)
    change = F.conv2d(F.pad(x, (1, 1, 1, 1), mode='replicate'), kernels, groups=3).abs().unflatten(1, (3, 2)).sum(2)
    return F.max_pool2d(change.amax(1, keepdim=True).clamp(max=2), 5, 1, 2)


def edge_loss(r, x):
    """As many edges as the picture has, each at most 2 pixels away: a soft edge in the right place is worse than a sharp one beside it."""
    return F.mse_loss(r, x) + 0.5 * F.l1_loss(r, x) + F.l1_loss(edge_strength(r), edge_strength(x))


def crowding(f, count=512):
    """How near to one another random vectors are (Wang and Isola, 2020): spread over the sphere, they use all channels."""
    points = f.permute(0, 2, 3, 1).flatten(0, 2)
    points = points[torch.randperm(len(points))[:count]]
    return (4 * (points @ points.T) - 4).exp().mean().log()


@torch.no_grad()
def whiten(model, images):
    """Turns and stretches the vectors so that all channels vary alike; the decoder gets the nearest linear map back."""
    x = torch.cat([planes(images[i:i + 16]) for i in range(0, len(images), 16)])
    z = torch.cat([model.quant_conv(model.encoder(x[i:i + 16])) for i in range(0, len(x), 16)]).permute(0, 2, 3, 1).flatten(0, 2)
    values, vectors = torch.linalg.eigh(torch.cov(z.T))
    turn = vectors @ torch.diag((values + 1e-3 * values[-1]).rsqrt()) @ vectors.T
    new = F.normalize((z - z.mean(0)) @ turn, dim=1)
    back = torch.linalg.lstsq(torch.cat([new, torch.ones(len(new), 1)], 1), F.normalize(z, dim=1)).solution  # (channels + 1, channels)
    q, p = model.quant_conv, model.post_quant_conv
    q.bias.copy_(turn @ (q.bias - z.mean(0))); q.weight.copy_((turn @ q.weight[:, :, 0, 0])[:, :, None, None])
    old = p.weight[:, :, 0, 0].clone()
    p.bias += old @ back[-1]; p.weight.copy_((old @ back[:-1].T)[:, :, None, None])


@torch.no_grad()
def encode_all(model, images):
    with torch.autocast('cpu', torch.bfloat16):
        return torch.cat([model.encode(planes(images[i:i + 32])) for i in range(0, len(images), 32)])


@torch.no_grad()
def begin_codebook(model, images, rounds=8):
    """Spherical k-means on the vectors of some pictures."""
    points = encode_all(model, images).permute(0, 2, 3, 1).flatten(0, 2)
    weight = model.quantize.embedding.weight
    weight.copy_(points[torch.randperm(len(points))[:len(weight)]])
    for _ in range(rounds):
        index = model.quantize.nearest(points)
        sums = torch.zeros_like(weight).index_add_(0, index, points)
        used = torch.bincount(index, minlength=len(weight)) > 0
        weight[used] = F.normalize(sums[used], dim=-1)
        weight[~used] = points[torch.randint(len(points), (int((~used).sum()),))]


@torch.no_grad()
def evaluate(model, held):
    """PSNR of held-out pictures decoded from their tokens, and the share of the codes that these pictures use"""
    model.eval()
    tokens = model.tokens(encode_all(model, held)); side = math.isqrt(tokens.shape[1])
    with torch.autocast('cpu', torch.bfloat16):
        measured = [psnr(model.decode(model.look_up(tokens[i:i + 32], side)), planes(held[i:i + 32])) for i in range(0, len(held), 32)]
    model.train()
    return float(torch.cat(measured).mean()), len(tokens.unique()) / model.quantize.embedding.num_embeddings


def quantised(model, f):
    """-> codes with the gradient passed straight through, the loss between vectors and codes, the tokens"""
    tokens = model.tokens(f)
    codes = model.look_up(tokens, f.shape[-1])
    loss = (codes - f.detach()).square().sum(1).mean() + 0.25 * (codes.detach() - f).square().sum(1).mean()
    return f + (codes - f).detach(), loss, tokens


@torch.no_grad()
def revive(model, used, f):
    """Draws codes that were not used anew, from the vectors of the last batch; all processes get those of the first."""
    dist.all_reduce(used)
    dead = (used < 1).nonzero().flatten()
    points = f.permute(0, 2, 3, 1).flatten(0, 2)
    weight = model.quantize.embedding.weight
    weight[dead] = points[torch.randint(len(points), (len(dead),))]
    dist.broadcast(weight, 0)
    used.zero_()
    return len(dead)


def train(a, rank):
    torch.manual_seed(a.seed * 64 + rank); rng = np.random.default_rng(a.seed * 64 + rank); os.makedirs(a.out, exist_ok=True)
    everything = np.load(a.data, mmap_mode='r'); held = np.array(everything[:HELD_OUT])
    images = everything[HELD_OUT:int(open(a.data + '.count').read())]
    model = VQGAN(a.vocabulary)
    if a.init:
        with torch.no_grad(): taken = from_kl(model, a.init)
        if rank == 0: print('tensors taken over', taken, flush=True)
    if a.more_of:
        model.load_state_dict(torch.load(a.more_of)['ema']); whiten(model, images[:64])
    if a.decoder_of: model.load_state_dict(torch.load(a.decoder_of)['model'])
    for value in model.state_dict().values(): dist.broadcast(value, 0)
    model = model.to(memory_format=torch.channels_last).train()
    if a.decoder_of:
        for part in (model.encoder, model.quant_conv, model.quantize): part.requires_grad_(False)
    trained = [q for q in model.parameters() if q.requires_grad]
    ema = {k: v.clone() for k, v in model.state_dict().items()}
    opt = torch.optim.AdamW(trained, lr=a.lr, betas=(0.9, 0.99), weight_decay=1e-4, fused=True)
    step, elapsed, begun, state_path = 0, 0.0, bool(a.decoder_of), os.path.join(a.out, 'vqgan.pt')
    if os.path.exists(state_path):
        s = torch.load(state_path); model.load_state_dict(s['model']); opt.load_state_dict(s['opt']); ema, step, elapsed, begun = s['ema'], s['step'], s['elapsed'], s['begun']
        rng = np.random.default_rng([a.seed, rank, step])
    used = torch.zeros(a.vocabulary)
    last = saved = time.time()
    while elapsed < a.minutes * 60:
        progress = elapsed / (a.minutes * 60)
        if not begun and elapsed > a.continuous * 60:
            begin_codebook(model, images[:96]); dist.broadcast(model.quantize.embedding.weight.data, 0)
            begun = True; ema = {k: v.clone() for k, v in model.state_dict().items()}
        lr = a.lr * min(1, (step + 1) / 50) * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * progress)))
        for group in opt.param_groups: group['lr'] = lr
        x = batch(images, a.batch, images.shape[1], rng)
        with torch.autocast('cpu', torch.bfloat16):
            f = model.encode(x); extra = 0.0
            if begun:
                given, extra, tokens = quantised(model, f)
                used.index_add_(0, tokens.flatten(), torch.ones(tokens.numel()))
            else:
                given = F.normalize(f + a.noise * torch.randn_like(f), dim=1); extra = 0 * model.quantize.embedding.weight.sum()
            r = model.decode(given).float()
        loss = edge_loss(r, x) if a.decoder_of else sharp_loss(r, x) + a.commitment * extra + a.spread * crowding(f)
        opt.zero_grad(set_to_none=True); loss.backward()
        now = time.time()
        elapsed = average(trained, elapsed + min(now - last, 20)); last = now
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        opt.step(); step += 1
        decay = min(a.ema, (step + 1) / (step + 10))
        with torch.no_grad():
            own = model.state_dict()
            torch._foreach_lerp_(list(ema.values()), [own[k] for k in ema], 1 - decay)
        if begun and not a.decoder_of and step % 40 == 0 and progress < 0.75:
            dead = revive(model, used, f.detach())
            if rank == 0: print('dead codes', dead, flush=True)
        if rank: continue
        if step % 20 == 0:
            print(f'step {step} {elapsed/60:.1f} min lr {lr:.2e} loss {loss.item():.4f} codes {float(extra.detach()):.4f} crowding {float(crowding(f.detach())):.2f} psnr {psnr(r.detach(), x).mean():.2f}', flush=True)
        if now - saved > 120:
            torch.save(dict(model=model.state_dict(), opt=opt.state_dict(), ema=ema, step=step, elapsed=elapsed, begun=begun), state_path + '.tmp'); os.replace(state_path + '.tmp', state_path)
            print('held-out', evaluate(model, held[:32]), flush=True); saved = time.time()
    if rank: return
    model.load_state_dict(ema)
    print('FINAL held-out', evaluate(model, held), flush=True)
    torch.save(dict(model=model.state_dict()), os.path.join(a.out, 'vqgan-final.pt'))


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--data', required=True); p.add_argument('--out', required=True)
    p.add_argument('--minutes', type=float, default=40); p.add_argument('--continuous', type=float, default=2, help='minutes without quantisation')
    p.add_argument('--init', help='a KL autoencoder (kl-final.pt) to start from')
    p.add_argument('--more-of', help='a state (vqgan.pt) to start from, its vectors spread anew')
    p.add_argument('--decoder-of', help='a finished tokenizer (vqgan-final.pt): goes on with its decoder alone, so that its tokens stay what they are')
    p.add_argument('--vocabulary', type=int, default=2048); p.add_argument('--commitment', type=float, default=0.2)
    p.add_argument('--noise', type=float, default=0.15, help='of the vectors, while they are not quantised'); p.add_argument('--spread', type=float, default=0.02, help='weight against crowding')
    p.add_argument('--lr', type=float, default=1e-3); p.add_argument('--batch', type=int, default=4, help='pictures for each worker')
    p.add_argument('--ema', type=float, default=0.99); p.add_argument('--seed', type=int, default=0); p.add_argument('--workers', type=int, default=2)
    a = p.parse_args()
    launch(train, a, a.workers)


if __name__ == '__main__':
    main()
