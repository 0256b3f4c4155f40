import fc from 'fast-check';
import { expect, it } from 'vitest';
import { newDocument, replaceTiles } from './edits.ts';
import {
  commit,
  endGroup,
  forgetBeyond,
  type History,
  MAX_STEPS,
  reachableTiles,
  redo,
  startHistory,
  undo,
} from './history.ts';

const empty = newDocument(512, 512, 'Lake', 'Layer 1');
const named = (name: string) => ({ ...empty, name });
/** A document whose only tile is this one. */
const tiled = (tile: string) => replaceTiles(empty, empty.activeLayer as string, new Map([['0,0', tile]]));

it('goes back and forth', () => {
  const done = commit(commit(startHistory(empty), named('a'), 'rename'), named('b'), 'rename');
  expect(undo(done).present.name).toBe('a');
  expect(undo(undo(done)).present).toBe(empty);
  expect(redo(undo(done)).present).toBe(done.present);
  expect(redo(done)).toBe(done);
  expect(undo(startHistory(empty)).present).toBe(empty);
});

it('forgets what was undone when something new is done', () => {
  const other = commit(undo(commit(startHistory(empty), named('a'), 'x')), named('b'), 'x');
  expect(redo(other)).toBe(other);
});

it('joins changes of one group into a step', () => {
  let history = startHistory(empty);
  for (const name of ['a', 'b', 'c']) history = commit(history, named(name), 'opacity', 'drag');
  expect(history.past).toHaveLength(1);
  expect(undo(history).present).toBe(empty);
  expect(commit(endGroup(history), named('d'), 'opacity', 'drag').past).toHaveLength(2);
});

it('any run of steps can be undone and redone to where it was', () => {
  const action = fc.oneof(
    fc.string().map((name) => ({ name })),
    fc.constant('undo' as const),
    fc.constant('redo' as const),
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
      let history = startHistory(empty);
      for (const act of actions) {
        if (act === 'undo') history = undo(history);
        else if (act === 'redo') history = redo(history);
        else history = commit(history, named(act.name), 'rename');
      }
      const { present } = history;
      let back: History = history;
      while (back.past.length > 0) back = undo(back);
      expect(back.present).toBe(empty);
      for (let i = 0; i < history.past.length; i++) back = redo(back);
      expect(back.present).toBe(present);
    }),
  );
});

it('holds at most so many steps', () => {
  let history = startHistory(empty);
  for (let i = 0; i < MAX_STEPS + 20; i++) history = commit(history, named(String(i)), 'rename');
  expect(history.past).toHaveLength(MAX_STEPS);
});

it('forgets the oldest steps when their tiles take too much, and says what is still needed', () => {
  let history = startHistory(empty);
  for (const tile of ['a', 'b', 'c', 'd']) history = commit(history, tiled(tile), 'paint');
  const kept = forgetBeyond(history, 25, () => 10);
  expect(kept.past).toHaveLength(1);
  expect(reachableTiles(kept)).toEqual(new Set(['d', 'c']));
  expect(forgetBeyond(history, 0, () => 10, 3).past).toHaveLength(3);
  expect(forgetBeyond(history, 1000, () => 10)).toBe(history);
});
