"""What PyTorch computes on the exported FlowAR starter, for test/golden/starter-flowar: python golden_flowar.py MODEL OUT"""
import json, os, sys
import torch
from safetensors.torch import save_file
from flowar import tokens
from flowar_files import load_flowar, load_kl
from kl import LATENT_SCALE

RUN = dict(label=3, num_steps=25, guidance_high=0.9, cfg=2.4, torch_seed=5, traced_scale_index=2)
MEANINGS = dict(
    label='class label (input)',
    noise='initial noise of every scale, one after the other; row 0 with label, row 1 without (input)',
    ar_in_cond='input of the transformer before positional embedding, row with label',
    z='condition given to the flow head, rows with and without label',
    latents='sampled latent of each scale',
    ode_x='what the network is given at each Euler step of the traced scale, row with label',
    ode_v='velocity that it gives at each Euler step of the traced scale, rows with and without label',
    latent_final='latent of the picture, times the scale of KL-16',
    image_u8='the picture, round(255·image) clipped to 0…255',
    image_crop='the picture, float32 in [0, 1], not clipped')


@torch.no_grad()
def main():
    model, out = sys.argv[1:3]; torch.set_num_threads(1)
    kl, flowar, recorded = load_kl(model), load_flowar(model), {}
    keep = lambda name, scale, value: recorded.setdefault((name, scale), []).append(value)
    label = torch.tensor([RUN['label']])
    noise = torch.randn(2, flowar.mask.shape[-1], 16, generator=torch.Generator().manual_seed(RUN['torch_seed']))
    latent = flowar.sample(label, RUN['cfg'], RUN['guidance_high'], RUN['num_steps'], noise, record=keep)
    image = (kl.decode(latent / LATENT_SCALE) + 1) / 2
    scales, traced = range(len(flowar.scales)), RUN['traced_scale_index']
    tensors = dict(
        label=label.int(), noise=noise,
        ar_in_cond=torch.cat([recorded['ar_in', s][0][:1] for s in scales], 1), z=torch.cat([recorded['z', s][0] for s in scales], 1),
        latents=torch.cat([tokens(recorded['latent', s][0]) for s in scales], 1),
        ode_x=torch.stack([x[0].float() for x in recorded['x', traced]]), ode_v=torch.stack([v.float() for v in recorded['v', traced]]),
        latent_final=latent, image_u8=(image * 255).round().clamp(0, 255).byte(), image_crop=image)
    tensors = {k: v.contiguous() for k, v in tensors.items()}
    os.makedirs(out, exist_ok=True)
    save_file(tensors, os.path.join(out, 'expected.safetensors'))
    compared = {name: dict(compare='atol', atol=1e-3) for name in tensors if name not in ('label', 'noise', 'image_u8')} | {'image_u8': dict(compare='abs<=1')}
    described = [dict(name=n, shape=list(t.shape), dtype=str(t.dtype).removeprefix('torch.'), meaning=MEANINGS[n], **compared.get(n, {})) for n, t in tensors.items()]
    relative = os.path.relpath(model, out)
    os.chmod(os.path.join(out, 'expected.safetensors'), 0o644)
    meta = dict(case='starter-flowar', files={k: f'{relative}/{v}.safetensors' for k, v in (('checkpoint', 'transformer'), ('vae', 'autoencoder'))},
                container='safetensors, float16', expected={'expected.safetensors': dict(run=RUN, tensors=described)})
    json.dump(meta, open(os.path.join(out, 'meta.json'), 'w'), indent=1)


main()
