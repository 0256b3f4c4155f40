/**
 * Two fingers on the canvas: they move and zoom the view. Which fingers are down, and what their moves mean.
 */
import type { Point } from '../../app/document/document.ts';
import { pinch, type View } from './view.ts';

export class TouchPinch {
  /** Where each finger is, by its pointer's id. */
  readonly #fingers = new Map<number, Point>();
  #isPinching = false;

  /** From the second finger until the last one is lifted. */
  get isPinching(): boolean {
    return this.#isPinching;
  }

  /** A finger is down at a place of the screen. */
  down(id: number, at: Point): void {
    this.#fingers.set(id, at);
    if (this.#fingers.size === 2) this.#isPinching = true;
  }

  /** Returns what a finger's move does to the view; undefined where it does nothing. */
  move(id: number, at: Point): ((view: View) => View) | undefined {
    const other = [...this.#fingers].find(([finger]) => finger !== id)?.[1];
    const from = this.#fingers.get(id);
    if (!from) return undefined;
    this.#fingers.set(id, at);
    if (!other || this.#fingers.size !== 2) return undefined;
    return (view) => pinch(view, [from, other], [at, other]);
  }

  up(id: number): void {
    this.#fingers.delete(id);
    if (this.#fingers.size === 0) this.#isPinching = false;
  }
}
