"""What PyTorch computes on the exported ControlAR starter, for test/golden/starter-controlar: python golden_controlar.py MODEL OUT"""
import json, os, sys
import torch
from safetensors.torch import save_file
from control_maps import control_map, map_planes
from controlar_files import FILES, load_controlar, load_vqgan
from world.render import picture

RUN = dict(prompt='a snowy village at night, with houses with red roofs', control_kind='canny', control_strength=1.0, cfg=3.0, top_k=0, top_p=0.9, temperature=1.0, seed=7)
SCENE = 7_000_003
MEANINGS = dict(
    control_u8='(3,H,W) control map (input)', ids='tokens of the prompt', text_features='(1,n,F) of the text encoder',
    control_features='(1,N,F) of the control encoder, without the class token', tokens='(1,N) sampled tokens, raster order; follow them (input)',
    logits_rows='token positions of `logits` (input)', logits='(1,rows,V) after guidance, before temperature and truncation',
    logits_cond_uncond='(2,4,V) of the first four tokens, conditional then unconditional', image='(1,3,H,W) in [0,1]')
COMPARED = dict(ids='equal', tokens='equal', text_features=1e-3, control_features=1e-3, logits=1e-2, logits_cond_uncond=3e-3, image=1e-3)


def described(name, tensor):
    bound = COMPARED.get(name)
    how = dict(compare=bound) if isinstance(bound, str) else dict(compare='atol', atol=bound) if bound else {}
    return dict(name=name, shape=list(tensor.shape), dtype=str(tensor.dtype).removeprefix('torch.'), meaning=MEANINGS[name], **how)


@torch.no_grad()
def main():
    folder, out = sys.argv[1:3]; torch.set_num_threads(1)
    vqgan, (model, text, prompts), recorded = load_vqgan(folder), load_controlar(folder), []
    shown = picture(SCENE, 8 * model.side)[1]
    shape = control_map(RUN['control_kind'], shown['image'], None, None)
    ids, valid = prompts.batch([RUN['prompt']])
    features, planes = text(ids, valid), map_planes([shape])
    words = model.words(features.repeat(2, 1, 1), valid.repeat(2, 1), torch.tensor([False, True]))
    torch.manual_seed(RUN['seed'])
    keep = lambda position, logits: recorded.append(logits)
    tokens = model.sample(words, valid.repeat(2, 1), model.control(planes), RUN['cfg'], RUN['top_k'], RUN['top_p'], RUN['temperature'], record=keep)
    raw = torch.stack(recorded, 1)  # (2, N, V)
    rows = torch.tensor([0, 1, 17, 128, tokens.shape[1] - 1])
    image = vqgan.decode(vqgan.look_up(tokens, model.side)).clamp(-1, 1) / 2 + 0.5
    tensors = dict(
        control_u8=torch.from_numpy(shape).permute(2, 0, 1), ids=ids.int(), text_features=features, control_features=model.adapter.model(planes), tokens=tokens.int(),
        logits_rows=rows.int(), logits=(raw[1:] + RUN['cfg'] * (raw[:1] - raw[1:]))[:, rows], logits_cond_uncond=raw[:, :4], image=image)
    tensors = {k: v.contiguous() for k, v in tensors.items()}
    os.makedirs(out, exist_ok=True)
    path = os.path.join(out, 'expected.safetensors')
    save_file(tensors, path); os.chmod(path, 0o644)
    at = lambda name: f'{os.path.relpath(folder, out)}/{name}'
    files = dict(checkpoint=at(FILES['transformer'] + '.safetensors'), vq=at(FILES['tokenizer'] + '.safetensors'), textEncoder=at(FILES['text'] + '.safetensors'))
    meta = dict(case='starter-controlar', files=files, container='safetensors, float16',
                expected={'expected.safetensors': dict(run=RUN, tensors=[described(*pair) for pair in tensors.items()])})
    json.dump(meta, open(os.path.join(out, 'meta.json'), 'w'), indent=1)


main()
