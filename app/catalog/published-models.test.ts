import { describe, expect, it } from 'vitest';
import { isModelId } from './model-card.ts';
import { licenseOf, needsConsent, totalSize } from './published-model.ts';
import { PUBLISHED_MODELS } from './published-models.ts';

describe('the catalogue', () => {
  it('has every model once, under an id that can be a folder', () => {
    const ids = PUBLISHED_MODELS.map(({ id }) => id);
    expect(new Set(ids.map((id) => id.toLowerCase())).size).toBe(ids.length);
    expect(ids.filter((id) => !isModelId(id))).toEqual([]);
  });

  it.each(PUBLISHED_MODELS.map((model) => [model.id, model] as const))(
    '%s has a transformer and what it needs, from https',
    (_, model) => {
      const words = model.subject === 'imagenet' ? [] : ['text-encoder', 'text-tokenizer'];
      expect(model.files.map(({ role }) => role)).toEqual(['transformer', 'tokenizer', ...words]);
      for (const { at, license, size, role } of model.files) {
        expect('url' in at ? at.url : license.url).toMatch(/^https:/);
        expect(size).toBeGreaterThan(role === 'text-tokenizer' ? 10 ** 6 : 10 ** 8);
      }
      expect(model.teraflops).toBeGreaterThan(0.5);
      // Published weights are float32; a file has little else in it.
      const transformer = model.files[0]?.size ?? 0;
      expect(transformer / (model.parameters * 4)).toBeGreaterThan(0.98);
      expect(transformer / (model.parameters * 4)).toBeLessThan(1.04);
      expect(totalSize(model)).toBeGreaterThan(transformer);
    },
  );

  it('asks for consent where nothing was granted', () => {
    const consent = Object.fromEntries(PUBLISHED_MODELS.map((model) => [model.id, needsConsent(licenseOf(model))]));
    expect(consent).toMatchObject({ var_d16: false, 'FlowAR-L': false, 'xAR-B': true });
  });
});
