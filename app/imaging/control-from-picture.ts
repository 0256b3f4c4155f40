/**
 * Control maps that are made of pictures.
 */
import type { ControlMap, Settings } from '../generation/request.ts';
import { findPreprocessor, preprocess } from './preprocessors.ts';
import { resizeRgba } from './resample.ts';
import type { RgbaImage } from './rgba.ts';

export interface MapMaking {
  /** Id of a preprocessor. */
  readonly preprocessor: string;
  /** What is left out takes its default. */
  readonly settings?: Settings | undefined;
  /** Size of the map in pixels. */
  readonly width: number;
  readonly height: number;
}

/**
 * The picture is brought to the map's size first: lines are as thin as models know them.
 *
 * @throws StudioError bad-request as `preprocess`
 */
export function controlFromPicture(image: RgbaImage, { preprocessor, settings, width, height }: MapMaking): ControlMap {
  const fits = image.width === width && image.height === height;
  const picture = fits ? image : resizeRgba(image, width, height);
  return { kind: findPreprocessor(preprocessor).kind, image: preprocess(picture, preprocessor, settings) };
}
