"""The exported FlowAR starter: sizes are read from the tensors, as every consumer does."""
import os
import torch
from safetensors.torch import load_file
from flowar import FlowAR
from kl import KLAutoencoder


def floats(path):
    return {k: v.float() for k, v in load_file(path).items()}


def load_kl(folder):
    model = KLAutoencoder(); model.load_state_dict(floats(os.path.join(folder, 'autoencoder.safetensors')))
    return model.eval()


def scales_of(mask):
    """The sides of the scales, from the block-causal mask (1, 1, L, L): each row sees to the end of its scale."""
    ends = torch.isfinite(mask[0, 0]).sum(1).unique()
    return tuple(int(n ** 0.5 + 0.5) for n in (ends - torch.cat([ends.new_zeros(1), ends[:-1]])).tolist())


def load_flowar(folder):
    weights = floats(os.path.join(folder, 'transformer.safetensors'))
    count = lambda prefix: len({k[len(prefix):].split('.')[0] for k in weights if k.startswith(prefix)})
    model = FlowAR(scales_of(weights['mask']), len(weights['class_emb.weight']) - 1, weights['class_emb.weight'].shape[1],
                   (count('encoder_blocks.'), count('decoder_blocks.')), len(weights['flownet.input_proj.weight']),
                   count('flownet.res_blocks.'), weights['z_proj.weight'].shape[1], 4 * len(weights['encoder_blocks.0.attn.rope.freqs']))
    model.load_state_dict(weights)
    return model.eval()
