"""Prompts from the world's captions: a small vocabulary for them, and the many ways to ask for the same picture."""
import argparse, io, json, os
import numpy as np
import sentencepiece
import torch

PIECES = 320
LONGEST = 120
# What people write around a subject; it says nothing about the world's pictures.
STARTS = ['a picture of', 'a painting of', 'an illustration of', 'a drawing of', 'an image of', 'landscape,', 'a beautiful', 'a quiet', 'a view of', 'paint']
ENDS = ['in the distance', 'highly detailed', 'storybook illustration', 'flat colours', 'please', 'wide view', 'beautiful light', 'digital art']


def read_captions(data):
    """The captions beside the data that are written so far."""
    with open(data + '.captions.jsonl') as file:
        lines = file.read().split('\n')
    return [json.loads(line) for line in lines[:-1]]


def train_vocabulary(captions):
    """-> the bytes of a SentencePiece unigram model with T5's special tokens: padding 0, end 1, unknown 2"""
    rng = np.random.default_rng(0)
    texts = sorted({vary(text, rng) for text in captions for _ in range(4)})
    alphabet = ''.join(sorted(set('abcdefghijklmnopqrstuvwxyz0123456789-,.\'')))
    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts), model_writer=out, vocab_size=PIECES, model_type='unigram', required_chars=alphabet, character_coverage=1.0,
        pad_id=0, eos_id=1, unk_id=2, bos_id=-1, hard_vocab_limit=False, num_threads=1, minloglevel=2)
    return out.getvalue()


class Prompts:
    def __init__(self, path):
        self.model = sentencepiece.SentencePieceProcessor(model_file=path)

    def __len__(self):
        return self.model.get_piece_size()

    def batch(self, texts):
        """-> ids (B, n) and valid (B, n), left-padded to the longest, each with its end token"""
        rows = [self.model.encode(text)[:LONGEST - 1] + [1] for text in texts]
        n = max(map(len, rows))
        ids = torch.tensor([[0] * (n - len(row)) + row for row in rows])
        return ids, torch.tensor([[False] * (n - len(row)) + [True] * len(row) for row in rows])


def vary(text, rng):
    """The caption, or less of it, or more around it."""
    subject, _, things = text.partition(', with ')
    chance = rng.random()
    if things and chance < 0.35: text = subject
    elif things and chance < 0.5: text = f'{subject} and {things}'
    if rng.random() < 0.15:
        for time in (' at dawn', ' by day', ' at dusk', ' at night'): text = text.replace(time, '')
    if rng.random() < 0.1: text = text.removeprefix('a ').removeprefix('an ').removeprefix('the ')
    if rng.random() < 0.15: text = f'{rng.choice(STARTS)} {text}'
    if rng.random() < 0.15: text = f'{text}, {rng.choice(ENDS)}'
    return text


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--data', required=True); p.add_argument('--out', required=True, help='spiece.model')
    a = p.parse_args()
    os.makedirs(os.path.dirname(a.out), exist_ok=True)
    with open(a.out, 'wb') as file: file.write(train_vocabulary(read_captions(a.data)))
    prompts = Prompts(a.out)
    print(len(prompts), 'pieces', os.path.getsize(a.out), 'bytes', prompts.model.encode('a snowy village at night, with a kangaroo', out_type=str))


if __name__ == '__main__':
    main()
