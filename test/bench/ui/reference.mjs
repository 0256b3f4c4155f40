/**
 * A fixed piece of a page's work, by which measurements on different machines can be compared: arithmetic, and layers drawn over each
 * other in the processor's memory.
 */
const FRAMES = 60;

/** One piece in each frame, for some frames. */
export function reference(page) {
  return page.evaluate(async (frames) => {
    const side = 256;
    const contexts = Array.from({ length: 21 }, () => {
      const context = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true });
      context.fillStyle = 'rgb(200 100 50 / 0.5)';
      context.fillRect(0, 0, side, side);
      return context;
    });
    const [flat, ...layers] = contexts;
    let sum = 0;
    for (let frame = 0; frame < frames; frame++) {
      for (const { canvas } of layers) flat.drawImage(canvas, 0, 0);
      const { data } = flat.getImageData(0, 0, side, side);
      for (let i = 0; i < data.length; i++) sum = (sum * 31 + data[i]) | 0;
      await new Promise(requestAnimationFrame);
    }
    return sum;
  }, FRAMES);
}
