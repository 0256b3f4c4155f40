/**
 * Every command of the studio: what it does and its key. The palette, the menu, buttons and shortcuts all come here.
 */

import { MAX_BRUSH_SIZE } from '../../app/library/tool-settings.ts';
import { chooseFile } from '../actions/choose-file.ts';
import { copySelection, cutSelection, pasteClipboard } from '../actions/clipboard.ts';
import { mapFromLayer, mapFromPicture } from '../actions/control-map.ts';
import { changeClass, expand, fillArea, vary } from '../actions/edit-area.ts';
import { frameAsModel, frameSelection, frameWhole, nudge, resizeFrame } from '../actions/frame.ts';
import { branch, generate, rerollUncertain, showStep, stopAll } from '../actions/generate.ts';
import { addGuide, clearGuides } from '../actions/guides.ts';
import {
  addEmptyLayer,
  clearLayer,
  copyLayer,
  deleteLayer,
  featherActiveMask,
  growActiveMask,
  invertActiveMask,
  maskFromSelection,
  mergeDown,
  shiftLayer,
  stepLayer,
  toggleLayer,
} from '../actions/layers.ts';
import { downloadPainting, savePainting, savePaintingAs } from '../actions/painting-files.ts';
import { deselect, invertSelection, selectAll } from '../actions/selection.ts';

import { acceptVariant, discardVariant, hideVariant, holdScales } from '../actions/staging.ts';
import { openBatch } from '../panels/batch/batch-store.ts';

import { redoEdit, undoEdit } from '../stores/document-store.ts';
import { description, modelStore, randomSeed, stepsOf } from '../stores/model-store.ts';
import { command, queueStore } from '../stores/queue-store.ts';
import { showRecoverable } from '../stores/recovery-store.ts';
import { changeSettings } from '../stores/settings-store.ts';
import { currentVariant, stagingStore, stepVariant } from '../stores/staging-store.ts';
import { chooseTool, setBrush, TOOLS, type ToolId, toolStore } from '../stores/tool-store.ts';
import { openDialog, showSide } from '../stores/ui-store.ts';
import { fitFrame, fitPainting, rotateBy, turnUpright, zoomBy } from '../stores/view-store.ts';
import type { Words } from '../text/en.ts';
import { isDark } from '../theme/theme.ts';

export type CommandId = keyof Words['commands'] | `tool.${ToolId}`;

export interface Command {
  readonly id: CommandId;
  /** As `shortcut.ts` writes keys; `Mod` is Cmd on a Mac and Ctrl elsewhere. */
  readonly key: string;
  /** The browser turns its key into an event of the clipboard, which actions/clipboard.ts hears. */
  readonly isClipboard?: true;
  run(): void | Promise<void>;
}

const EIGHTH = Math.PI / 12;
const ZOOM = 1.25;

const TOOL_KEYS: Readonly<Record<ToolId, string>> = {
  brush: 'B',
  eraser: 'E',
  line: 'L',
  rectangle: 'R',
  fill: 'G',
  picker: 'I',
  marquee: 'M',
  lasso: 'Q',
  move: 'V',
  transform: 'T',
  frame: 'F',
  hand: 'H',
};

function stepShown(by: 1 | -1): void {
  const variant = currentVariant();
  if (!variant) return;
  const last = (variant.plan ? variant.previews : stepsOf(variant.request.model)).length - 1;
  const at = stagingStore.getState().shownStep ?? last + 1;
  const next = at + by;
  void showStep(next > last ? null : Math.max(0, next));
}

function onVariant(
  act: (variant: NonNullable<ReturnType<typeof currentVariant>>) => Promise<void>,
): Promise<void> | undefined {
  const variant = currentVariant();
  return variant && act(variant);
}

/** Holds the shown scale and all coarser ones, or lets them go. */
function toggleHold(): void {
  const variant = currentVariant();
  const { held, shownStep } = stagingStore.getState();
  holdScales(held || !variant || variant.plan || shownStep === null ? null : { variant, steps: shownStep + 1 });
}

function pauseRun(): void {
  const { running } = stagingStore.getState();
  if (running) command({ type: running.paused ? 'resume' : 'pause', job: running.job });
}

function keepScales(by: 1 | -1): void {
  const steps = description()?.tokensPerStep.length ?? 0;
  modelStore.setState(({ keepSteps }) => ({ keepSteps: Math.max(0, Math.min(steps, keepSteps + by)) }));
}

function resizeBrush(factor: number): void {
  const { size } = toolStore.getState().brush;
  const next = factor > 1 ? Math.max(size + 1, size * factor) : Math.min(size - 1, size * factor);
  setBrush({ size: Math.max(1, Math.min(MAX_BRUSH_SIZE, Math.round(next))) });
}

/** Smallest step of nudging, in pixels of the painting. */
const NUDGE = 8;

const MAKE: readonly Command[] = [
  { id: 'generate', key: 'Mod+Enter', run: () => generate() },
  { id: 'fillArea', key: 'Shift+F', run: fillArea },
  { id: 'expand', key: 'Shift+E', run: expand },
  { id: 'changeClass', key: '', run: changeClass },
  { id: 'vary', key: 'Shift+V', run: vary },
  { id: 'stop', key: 'Mod+.', run: stopAll },
  { id: 'batch', key: 'Mod+Shift+B', run: openBatch },
  { id: 'pause', key: 'Shift+P', run: pauseRun },
  { id: 'live', key: 'Shift+L', run: () => modelStore.setState(({ live }) => ({ live: !live })) },
  { id: 'rollSeed', key: 'Shift+R', run: () => modelStore.setState({ seed: randomSeed() }) },
  { id: 'lockSeed', key: '', run: () => modelStore.setState(({ seedLocked }) => ({ seedLocked: !seedLocked })) },
  { id: 'keepMore', key: '', run: () => keepScales(1) },
  { id: 'keepLess', key: '', run: () => keepScales(-1) },
  { id: 'pauseQueue', key: '', run: () => command({ type: 'pauseQueue', paused: !queueStore.getState().paused }) },
];

const STAGING: readonly Command[] = [
  { id: 'accept', key: 'Enter', run: acceptVariant },
  { id: 'discard', key: 'Delete', run: () => (currentVariant() ? discardVariant() : clearLayer()) },
  { id: 'hide', key: 'Escape', run: hideVariant },
  { id: 'next', key: 'ArrowRight', run: () => stepVariant(1) },
  { id: 'previous', key: 'ArrowLeft', run: () => stepVariant(-1) },
  { id: 'coarser', key: 'ArrowDown', run: () => stepShown(-1) },
  { id: 'finer', key: 'ArrowUp', run: () => stepShown(1) },
  {
    id: 'branch',
    key: 'Shift+B',
    run: () => onVariant((variant) => branch(variant, (stagingStore.getState().shownStep ?? 0) + 1)),
  },
  { id: 'hold', key: 'Shift+H', run: toggleHold },
  {
    id: 'compare',
    key: 'Shift+X',
    run: () => stagingStore.setState(({ compare }) => ({ compare: compare ? 0 : 0.5 })),
  },
  {
    id: 'confidence',
    key: 'Shift+C',
    run: () => stagingStore.setState(({ showConfidence }) => ({ showConfidence: !showConfidence })),
  },
  { id: 'reroll', key: 'Shift+U', run: () => onVariant(rerollUncertain) },
];

const EDIT: readonly Command[] = [
  { id: 'undo', key: 'Mod+Z', run: undoEdit },
  { id: 'redo', key: 'Mod+Shift+Z', run: redoEdit },
  { id: 'copy', key: 'Mod+C', isClipboard: true, run: () => void copySelection() },
  { id: 'cut', key: 'Mod+X', isClipboard: true, run: () => void cutSelection() },
  { id: 'paste', key: 'Mod+V', isClipboard: true, run: pasteClipboard },
  { id: 'clear', key: 'Backspace', run: clearLayer },
  { id: 'selectAll', key: 'Mod+A', run: selectAll },
  { id: 'deselect', key: 'Mod+D', run: deselect },
  { id: 'invertSelection', key: 'Mod+Shift+I', run: invertSelection },
  { id: 'nudgeLeft', key: 'Shift+ArrowLeft', run: () => nudge(-NUDGE, 0) },
  { id: 'nudgeRight', key: 'Shift+ArrowRight', run: () => nudge(NUDGE, 0) },
  { id: 'nudgeUp', key: 'Shift+ArrowUp', run: () => nudge(0, -NUDGE) },
  { id: 'nudgeDown', key: 'Shift+ArrowDown', run: () => nudge(0, NUDGE) },
];

const TOOL_COMMANDS: readonly Command[] = [
  ...TOOLS.map((tool): Command => ({ id: `tool.${tool}`, key: TOOL_KEYS[tool], run: () => chooseTool(tool) })),
  { id: 'brushSmaller', key: '[', run: () => resizeBrush(1 / 1.2) },
  { id: 'brushLarger', key: ']', run: () => resizeBrush(1.2) },
  { id: 'snapping', key: 'Shift+S', run: () => toolStore.setState(({ snapping }) => ({ snapping: !snapping })) },
];

const LAYERS: readonly Command[] = [
  { id: 'addPaint', key: 'Mod+Shift+N', run: () => addEmptyLayer('paint') },
  { id: 'addMask', key: 'Mod+Shift+M', run: () => addEmptyLayer('mask') },
  { id: 'addControl', key: '', run: () => addEmptyLayer('control') },
  { id: 'controlFromPicture', key: '', run: mapFromPicture },
  { id: 'controlFromLayer', key: '', run: mapFromLayer },
  { id: 'layerAbove', key: 'PageUp', run: () => stepLayer(1) },
  { id: 'layerBelow', key: 'PageDown', run: () => stepLayer(-1) },
  { id: 'layerUp', key: 'Mod+]', run: () => shiftLayer(1) },
  { id: 'layerDown', key: 'Mod+[', run: () => shiftLayer(-1) },
  { id: 'showLayer', key: '', run: () => toggleLayer('visible') },
  { id: 'lockLayer', key: '', run: () => toggleLayer('locked') },
  { id: 'lockAlpha', key: '', run: () => toggleLayer('alphaLocked') },
  { id: 'duplicateLayer', key: 'Mod+J', run: () => copyLayer() },
  { id: 'mergeDown', key: 'Mod+E', run: () => mergeDown() },
  { id: 'deleteLayer', key: '', run: () => deleteLayer() },
  { id: 'growMask', key: '', run: () => growActiveMask(NUDGE) },
  { id: 'shrinkMask', key: '', run: () => growActiveMask(-NUDGE) },
  { id: 'featherMask', key: '', run: () => featherActiveMask(NUDGE) },
  { id: 'invertMask', key: '', run: invertActiveMask },
  { id: 'maskSelection', key: '', run: maskFromSelection },
];

const VIEW: readonly Command[] = [
  { id: 'fit', key: 'Mod+0', run: fitPainting },
  { id: 'fitFrame', key: 'Mod+1', run: fitFrame },
  { id: 'zoomIn', key: '+', run: () => zoomBy(ZOOM) },
  { id: 'zoomOut', key: '-', run: () => zoomBy(1 / ZOOM) },
  { id: 'turnLeft', key: ',', run: () => rotateBy(-EIGHTH) },
  { id: 'turnRight', key: '.', run: () => rotateBy(EIGHTH) },
  { id: 'turnUpright', key: '', run: turnUpright },
  { id: 'frameLarger', key: '', run: () => resizeFrame(1) },
  { id: 'frameSmaller', key: '', run: () => resizeFrame(-1) },
  { id: 'frameModel', key: '', run: frameAsModel },
  { id: 'frameWhole', key: '', run: frameWhole },
  { id: 'detail', key: 'Shift+D', run: () => modelStore.setState(({ detail }) => ({ detail: !detail })) },
  { id: 'frameSelection', key: '', run: frameSelection },
  { id: 'guideX', key: '', run: () => addGuide('x') },
  { id: 'guideY', key: '', run: () => addGuide('y') },
  { id: 'clearGuides', key: '', run: clearGuides },
];

const FILES: readonly Command[] = [
  { id: 'new', key: 'Mod+Alt+N', run: () => openDialog('new') },
  { id: 'open', key: 'Mod+O', run: () => chooseFile('file') },
  { id: 'import', key: '', run: () => chooseFile('images') },
  { id: 'save', key: 'Mod+S', run: savePainting },
  { id: 'saveAs', key: 'Mod+Shift+S', run: savePaintingAs },
  { id: 'unsaved', key: '', run: showRecoverable },
  { id: 'download', key: '', run: downloadPainting },
  { id: 'export', key: 'Mod+Shift+E', run: () => openDialog('export') },
];

const WINDOW: readonly Command[] = [
  { id: 'palette', key: 'Mod+K', run: () => openDialog('palette') },
  { id: 'layersPanel', key: '1', run: () => showSide('layers') },
  { id: 'queuePanel', key: '2', run: () => showSide('queue') },
  { id: 'galleryPanel', key: '3', run: () => showSide('gallery') },
  { id: 'models', key: 'Shift+M', run: () => openDialog('models') },
  { id: 'theme', key: '', run: () => changeSettings({ theme: isDark() ? 'light' : 'dark' }) },
  { id: 'settings', key: 'Mod+,', run: () => openDialog('settings') },
  { id: 'shortcuts', key: '?', run: () => openDialog('shortcuts') },
  { id: 'tour', key: '', run: () => changeSettings({ tourDone: false }) },
  { id: 'about', key: '', run: () => openDialog('about') },
];

interface CommandGroup {
  readonly id: keyof Words['commandGroups'];
  readonly commands: readonly Command[];
}

export const COMMAND_GROUPS: readonly CommandGroup[] = [
  { id: 'make', commands: MAKE },
  { id: 'staging', commands: STAGING },
  { id: 'tools', commands: TOOL_COMMANDS },
  { id: 'edit', commands: EDIT },
  { id: 'layers', commands: LAYERS },
  { id: 'view', commands: VIEW },
  { id: 'files', commands: FILES },
  { id: 'window', commands: WINDOW },
];

export const COMMANDS: readonly Command[] = COMMAND_GROUPS.flatMap(({ commands }) => commands);

export function commandTitle(id: CommandId, words: Words): string {
  return id.startsWith('tool.') ? words.tools[id.slice(5) as ToolId] : words.commands[id as keyof Words['commands']];
}

export function runCommand(id: string): void {
  void COMMANDS.find((candidate) => candidate.id === id)?.run();
}
