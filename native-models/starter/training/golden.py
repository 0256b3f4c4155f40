"""Numbers of the exported starter for test/golden/starter: python golden.py MODEL OUT"""
import sys, os, torch
from safetensors.torch import load_file, save_file
from vqvae import VQVAE
from var import VAR
from world.scene import CLASSES
model, out = sys.argv[1:3]
fl = lambda d: {k: v.float() if v.dtype.is_floating_point else v for k, v in d.items()}
tk, tr = fl(load_file(f'{model}/tokenizer.safetensors')), fl(load_file(f'{model}/transformer.safetensors'))
patch = tuple(int(round(n ** .5)) for n in torch.bincount(tr['lvl_1L'][0]).tolist())
vae = VQVAE(tk['quantize.embedding.weight'].shape[0], patch); vae.load_state_dict(tk); vae.eval()
var = VAR(patch, vae.quantize.embedding.num_embeddings, 32, len(CLASSES), len({k.split('.')[1] for k in tr if k.startswith('blocks.')}), tr['pos_start'].shape[-1], tr['pos_start'].shape[-1] // 64); var.load_state_dict(tr); var.eval()
cfg = 2.0
with torch.no_grad():
    label = torch.tensor([3]); tokens, f_hat = var.sample(vae, label, cfg, 0, 0.9, torch.Generator().manual_seed(5))
    bounds = [0]
    for n in patch: bounds.append(bounds[-1] + n * n)
    parts = [tokens[:, bounds[i]:bounds[i + 1]] for i in range(len(patch))]
    fh, all_f = 0.0, []
    for i, t in enumerate(parts): fh = fh + vae.quantize.raise_codes(t, i, patch[-1]); all_f.append(fh[0])
    inputs, _ = vae.quantize.inputs(parts)
    logits = [var(torch.tensor([l]), inputs) for l in (3, len(CLASSES))]
    t = torch.cat([torch.full((n * n,), cfg * s / (len(patch) - 1)) for s, n in enumerate(patch)])[None, :, None]
    logits = (1 + t) * logits[0] - t * logits[1]
    rows = torch.arange(0, tokens.shape[1], 7)
    image = (vae.decode(fh).clamp(-1, 1) + 1) / 2
os.makedirs(out, exist_ok=True)
save_file(dict(label=label.int(), tokens=tokens.int(), f_hat=torch.stack(all_f).contiguous(), logits_rows=rows.int(), logits=logits[:, rows].contiguous(), image=image.contiguous()), f'{out}/expected.safetensors')
