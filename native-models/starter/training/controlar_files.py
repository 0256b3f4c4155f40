"""The exported ControlAR starter's files, as models."""
import os
from safetensors.torch import load_file
from controlar import ControlAR
from prompts import Prompts
from text_encoder import TextEncoder
from vqgan import VQGAN

FILES = dict(transformer='canny_depth_seg', tokenizer='tokenizer', text='text-encoder')


def _floats(folder, part):
    return {k: v.float() for k, v in load_file(os.path.join(folder, FILES[part] + '.safetensors')).items()}


def load_vqgan(folder):
    weights = _floats(folder, 'tokenizer')
    model = VQGAN(len(weights['quantize.embedding.weight'])).eval(); model.load_state_dict(weights)
    return model


def _count(weights, start):
    return len({key[len(start):].split('.')[0] for key in weights if key.startswith(start)})


def controlar_of(weights):
    """A model of the size that the weights have, with them"""
    codes, width = weights['tok_embeddings.weight'].shape
    model = ControlAR(codes, width, _count(weights, 'layers.'), control_layers=_count(weights, 'adapter.model.encoder.layer.')).eval()
    model.load_state_dict(weights)
    return model


def load_controlar(folder):
    """-> transformer, text encoder, prompts"""
    prompts = Prompts(os.path.join(folder, 'spiece.model'))
    text = TextEncoder(len(prompts)).eval(); text.load_state_dict(_floats(folder, 'text'))
    return controlar_of(_floats(folder, 'transformer')), text, prompts
