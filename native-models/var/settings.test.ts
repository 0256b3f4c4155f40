import { describe, expect, it } from 'vitest';
import { parseSettings, settingSpecs } from './settings.ts';

const specs = settingSpecs(4096, {});

describe('parseSettings', () => {
  it('takes defaults for what is left out', () => {
    expect(parseSettings(specs, {})).toEqual({ cfg: 4, topK: 900, topP: 0.95, moreSmooth: false });
  });

  it('takes what is given, ends of the ranges included', () => {
    const settings = { cfg: 20, top_k: 0, top_p: 1, more_smooth: true };
    expect(parseSettings(specs, settings)).toEqual({ cfg: 20, topK: 0, topP: 1, moreSmooth: true });
  });

  it.each([
    [{ cfg: -0.1 }, 'from 0 to 20, not -0.1'],
    [{ top_k: 1.5 }, 'a whole number from 0 to 4096, not 1.5'],
    [{ top_p: 1.01 }, 'from 0 to 1'],
    [{ more_smooth: 1 }, 'either on or off'],
    [{ topK: 1 }, 'no setting "topK"'],
  ])('refuses %j', (settings, message) => {
    expect(() => parseSettings(specs, settings)).toThrow(
      expect.objectContaining({ code: 'bad-request', message: expect.stringContaining(message) }),
    );
  });
});

describe('settingSpecs', () => {
  it("take a model's own defaults", () => {
    const own = settingSpecs(4096, { cfg: 1.5, top_k: 600, more_smooth: true });
    expect(parseSettings(own, {})).toEqual({ cfg: 1.5, topK: 600, topP: 0.95, moreSmooth: true });
  });

  it('have no default above the codebook', () => {
    const small = settingSpecs(320, {});
    expect(parseSettings(small, {}).topK).toBe(320);
    expect(() => parseSettings(small, { top_k: 321 })).toThrow('from 0 to 320');
  });
});
