"""Runs the authors' FlowAR on the CPU for the benchmark: one line in (a seed), one line of JSON out.

usage: authors-flowar.py PATH_OF_THEIR_REPOSITORY TRANSFORMER AUTOENCODER
"""
import json
import resource
import sys
import time
import types

import torch
from torch import nn

path, transformer, autoencoder = sys.argv[1:4]
sys.path.insert(0, path)
torch.set_num_threads(2)
# Their code asks for a GPU by name, and for two classes of timm.
torch.Tensor.cuda = lambda self, *args, **kwargs: self


class GatedMlp(nn.Module):
    def __init__(self, in_features, hidden_features, act_layer, drop=0.0):
        super().__init__()
        self.fc1_g, self.fc1_x = nn.Linear(in_features, hidden_features), nn.Linear(in_features, hidden_features)
        self.act, self.fc2 = act_layer(), nn.Linear(hidden_features, in_features)

    def forward(self, x):
        return self.fc2(self.act(self.fc1_g(x)) * self.fc1_x(x))


for name, classes in (('timm', {}), ('timm.models', {}), ('timm.layers', {'SwiGLU': GatedMlp}),
                      ('timm.models.vision_transformer', {'DropPath': nn.Identity})):
    sys.modules[name] = types.ModuleType(name)
    vars(sys.modules[name]).update(classes)
from models.flowar import FlowAR  # noqa: E402
from models.vae import AutoencoderKL  # noqa: E402

vae = AutoencoderKL(embed_dim=16, ch_mult=(1, 1, 2, 2, 4), ckpt_path=autoencoder).eval()
state = torch.load(transformer, map_location='cpu', weights_only=True)
blocks = lambda prefix: 1 + max(int(key.split('.')[1]) for key in state if key.startswith(prefix))
width, flow_width = state['class_emb.weight'].shape[1], state['flownet.input_proj.weight'].shape[0]
heads = width // (4 * len(state['encoder_blocks.0.attn.rope.freqs']))
model = FlowAR(encoder_embed_dim=width, decoder_embed_dim=width, encoder_num_heads=heads, decoder_num_heads=heads,
               encoder_depth=blocks('encoder_blocks.'), decoder_depth=blocks('decoder_blocks.'), diffloss_w=flow_width,
               diffloss_d=1 + max(int(key.split('.')[2]) for key in state if key.startswith('flownet.res_blocks.')),
               cross='flownet.res_blocks.0.crossattn.q.weight' in state).eval()
model.load_state_dict(state, strict=True)
print(json.dumps({'ready': torch.__version__}), flush=True)
for line in sys.stdin:
    torch.manual_seed(int(line))
    start = time.perf_counter()
    with torch.inference_mode():
        latent = model.sample_tokens(num_steps=25, guidance=0.9, cfg=4.3, labels=torch.tensor([207]))
        vae.decode(latent / 0.2325)
    seconds = time.perf_counter() - start
    print(json.dumps({'ms': seconds * 1000, 'rss': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}), flush=True)
