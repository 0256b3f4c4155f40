"""Runs the authors' VAR on the CPU for the benchmark: one line in (a seed), one line of JSON out.

usage: authors.py PATH_OF_THEIR_REPOSITORY TRANSFORMER TOKENIZER DEPTH CHANNELS
"""
import json
import resource
import sys
import time
import types

import torch

path, transformer, tokenizer, depth, channels = sys.argv[1:6]
sys.path.insert(0, path)
torch.set_num_threads(2)
# They import the hub's client for a class that is not used here.
sys.modules.setdefault('huggingface_hub', types.SimpleNamespace(PyTorchModelHubMixin=type('Mixin', (), {})))
# Their helper moves models to a device named in `dist`, and skips slow initialisation through these.
for layer in (torch.nn.Linear, torch.nn.LayerNorm):
    layer.reset_parameters = lambda self: None
from models import build_vae_var  # noqa: E402

vae, var = build_vae_var(V=4096, Cvae=32, ch=int(channels), share_quant_resi=4, device='cpu',
                         patch_nums=(1, 2, 3, 4, 5, 6, 8, 10, 13, 16), num_classes=1000, depth=int(depth), shared_aln=False)
vae.load_state_dict(torch.load(tokenizer, map_location='cpu', weights_only=True), strict=True)
var.load_state_dict(torch.load(transformer, map_location='cpu', weights_only=True), strict=True)
vae.eval(), var.eval()
print(json.dumps({'ready': torch.__version__}), flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    with torch.inference_mode():
        var.autoregressive_infer_cfg(B=1, label_B=torch.tensor([207]), cfg=4.0, top_k=900, top_p=0.95, g_seed=int(line))
    seconds = time.perf_counter() - start
    print(json.dumps({'ms': seconds * 1000, 'rss': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}), flush=True)
