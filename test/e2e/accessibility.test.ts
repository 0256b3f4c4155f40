/**
 * The studio by keyboard alone, and what axe finds in it.
 */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { HAS_CHROMIUM } from './support/studio-window.ts';
import { useStudio } from './support/use-studio.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SERIOUS = ['serious', 'critical'];

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe calls serious or worse, one line each. */
async function seriousViolations(page: Page): Promise<string[]> {
  // The page's own policy forbids scripts from elsewhere, and evaluation by the inspector is not bound by it.
  await page.evaluate(AXE);
  const { violations, passed } = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: Violation[]; passes: unknown[] }> };
    };
    const { violations, passes } = await axe.run();
    return { violations, passed: passes.length };
  });
  expect(passed).toBeGreaterThan(15);
  return violations
    .filter(({ impact }) => SERIOUS.includes(impact))
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}

describe.runIf(HAS_CHROMIUM)('for people', () => {
  const studio = useStudio({ shared: true });

  async function runCommand(name: string): Promise<void> {
    const { keyboard } = studio.page;
    await keyboard.press('Control+k');
    await studio.page.getByRole('dialog').getByRole('combobox').waitFor();
    await keyboard.type(name);
    await keyboard.press('Enter');
  }

  it('goes from nothing to an accepted, branched, exported picture without a pointer', async () => {
    const { page } = studio.window;
    await runCommand('Paint a picture');
    await studio.window.acceptButton.waitFor();
    for (let i = 0; i < 7; i++) await page.keyboard.press('ArrowDown');
    await page.getByRole('option', { name: /^Scale 4/, selected: true }).waitFor();
    await page.keyboard.press('Shift+B');
    await page.getByText('Branch after scale 4').waitFor();
    await page.keyboard.press('ArrowLeft');
    await page.getByText('1 of 2').waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => studio.window.layers()).toHaveLength(2);
    await page.keyboard.press('Control+z');
    await expect.poll(() => studio.window.layers()).toHaveLength(1);
    await page.keyboard.press('Control+Shift+z');
    const download = page.waitForEvent('download');
    await page.keyboard.press('Control+Shift+E');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    const exportButton = dialog.getByRole('button', { name: 'Export' });
    while (!(await exportButton.evaluate((button) => button === document.activeElement)))
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect((await download).suggestedFilename()).toBe('Untitled.png');
  });

  it('has no command that the palette does not know', async () => {
    await studio.page.keyboard.press('Control+k');
    await studio.page.getByRole('dialog').waitFor();
    const names = await studio.page.getByRole('dialog').getByRole('option').allInnerTexts();
    expect(names.length).toBeGreaterThan(60);
    expect(new Set(names).size).toBe(names.length);
    await studio.page.keyboard.press('Escape');
  });

  it('changes a shortcut', async () => {
    const { page } = studio.window;
    await page.keyboard.press('?');
    await page.getByRole('button', { name: 'Change: Brush', exact: true }).click();
    await page.keyboard.press('y');
    await page.keyboard.press('Escape');
    await page.keyboard.press('e');
    await page.getByRole('button', { name: 'Eraser', pressed: true }).waitFor();
    await page.keyboard.press('y');
    await page.getByRole('button', { name: 'Brush', pressed: true }).waitFor();
  });

  it('speaks German', async () => {
    const { page } = studio.window;
    await page.keyboard.press('Control+,');
    await page.getByRole('combobox', { name: 'Language' }).selectOption('de');
    await page.getByRole('heading', { name: 'Einstellungen' }).waitFor();
    await page.getByRole('combobox', { name: 'Sprache' }).selectOption('en');
    await page.keyboard.press('Escape');
  });

  it.each(['dark', 'light'])('has no serious accessibility violation in the %s theme', async (theme) => {
    const { page } = studio.window;
    await page.keyboard.press('Control+,');
    await page.getByRole('combobox', { name: 'Theme' }).selectOption(theme);
    const found = [...(await seriousViolations(page))];
    await page.keyboard.press('Escape');
    for (const panel of ['Gallery', 'Queue', 'Layers']) {
      await page.getByRole('tab', { name: panel }).click();
      await page.waitForTimeout(300);
      found.push(...(await seriousViolations(page)));
    }
    expect(found).toEqual([]);
  });
});
