/**
 * The circle that shows how large the brush is. An element of its own: it moves with the pointer, and nothing is drawn again for it.
 */
import type { Point } from '../../app/document/document.ts';

export class BrushCursor {
  readonly #element = document.createElement('div');
  #diameter = 0;

  constructor(container: HTMLElement) {
    this.#element.className =
      'pointer-events-none absolute top-0 left-0 rounded-full border-[1.5px] border-ink will-change-transform';
    this.#element.hidden = true;
    container.append(this.#element);
  }

  /**
   * @param at middle on the screen; undefined for no brush
   * @param diameter in CSS pixels
   */
  show(at: Point | undefined, diameter: number): void {
    this.#element.hidden = at === undefined;
    if (!at) return;
    const { style } = this.#element;
    if (diameter !== this.#diameter) style.width = style.height = `${diameter}px`;
    this.#diameter = diameter;
    style.transform = `translate(${at.x - diameter / 2}px, ${at.y - diameter / 2}px)`;
  }
}
