"""Runs the authors' LlamaGen-B on the CPU for the benchmark: one line in (a seed), one line of JSON out. Weights are random.

usage: authors-llamagen.py PATH_OF_THEIR_REPOSITORY TOKENS
"""
import json
import resource
import sys
import time
import warnings

import torch

path, tokens = sys.argv[1], int(sys.argv[2])
sys.path.insert(0, path)
warnings.simplefilter('ignore')
torch.set_num_threads(2)
from autoregressive.models.generate import generate  # noqa: E402
from autoregressive.models.gpt import GPT_B  # noqa: E402

model = GPT_B(block_size=256, num_classes=1000, cls_token_num=1, model_type='c2i').eval()
torch.nn.init.normal_(model.output.weight, std=0.02)
print(json.dumps({'ready': torch.__version__}), flush=True)
for line in sys.stdin:
    torch.manual_seed(int(line))
    start = time.perf_counter()
    with torch.inference_mode():
        generate(model, torch.tensor([207]), tokens, cfg_scale=4.0, top_k=2000, temperature=1.0, top_p=1.0)
    seconds = time.perf_counter() - start
    print(json.dumps({'ms': seconds * 1000, 'rss': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}), flush=True)
