import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idFromFileName, isModelId, knownLabels, namesOf, parseModelCard } from './model-card.ts';

const card = { id: 'var_d16', name: 'VAR-d16', family: 'var' };

describe('parseModelCard', () => {
  it('takes a card with and without what may be left out', () => {
    const full = {
      ...card,
      files: { transformer: 'a.pth' },
      labels: 'imagenet',
      defaults: { cfg: 4 },
      preview: [0, 1],
    };
    expect(parseModelCard({ ...full, unknown: 1 }, 'card')).toEqual(full);
    expect(parseModelCard(card, 'card')).toEqual(card);
  });

  it.each([
    [{ ...card, id: 7 }, 'card.id must be a text.'],
    [{ ...card, labels: 'coco' }, 'card.labels must be a list of texts or "imagenet".'],
    [{ ...card, preview: [Number.NaN] }, 'card.preview[0] must be a number.'],
    [{ ...card, files: ['a.pth'] }, 'card.files must be a record.'],
    [null, 'card must be a record.'],
  ])('names what is wrong: %#', (data, message) => {
    expect(() => parseModelCard(data, 'card')).toThrow(message);
  });
});

it('knows the names of published models', () => {
  expect(namesOf(knownLabels(1000))[207]).toBe('golden retriever');
  expect(namesOf(knownLabels(20))).toEqual([]);
  expect(namesOf(['a'])).toEqual(['a']);
});

describe('ids', () => {
  it.each([
    ['var_d16.pth', 'var_d16'],
    ['My model (2).safetensors', 'My-model-2'],
    ['../../etc.pt', 'etc'],
    ['con.pth', 'model'],
    ['日本.pth', 'model'],
  ])('%s becomes %s', (name, id) => expect(idFromFileName(name)).toBe(id));

  it('are always valid', () => {
    const anyName = fc.string({ unit: 'binary', maxLength: 100 });
    fc.assert(
      fc.property(anyName, (name) => {
        expect(isModelId(idFromFileName(name))).toBe(true);
      }),
    );
  });

  it.each(['', '..', 'a/b', 'a\\b', '.hidden', 'nul', 'x'.repeat(65), 'end.'])('refuses %j', (id) => {
    expect(isModelId(id)).toBe(false);
  });
});
