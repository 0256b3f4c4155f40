/**
 * The keys of a convolutional autoencoder's checkpoint, as latent diffusion names its layers.
 * Source: CompVis/latent-diffusion `ldm/modules/diffusionmodules/model.py`, from which the authors' files come.
 */

/** Collects the keys of layers. */
export class LayerKeys {
  readonly keys = new Set<string>();
  readonly #has: (key: string) => boolean;
  readonly #attentionParts: readonly string[];

  /**
   * @param has whether the checkpoint has a key: a residual block has a shortcut layer where its width changes
   * @param attentionParts layers of an attention block, such as `qkv` or `q`, `k` and `v`
   */
  constructor(has: (key: string) => boolean, attentionParts: readonly string[]) {
    this.#has = has;
    this.#attentionParts = attentionParts;
  }

  layer(name: string): void {
    this.keys.add(`${name}.weight`).add(`${name}.bias`);
  }

  residual(name: string): void {
    for (const part of ['norm1', 'conv1', 'norm2', 'conv2']) this.layer(`${name}.${part}`);
    if (this.#has(`${name}.nin_shortcut.weight`)) this.layer(`${name}.nin_shortcut`);
  }

  attention(name: string): void {
    for (const part of ['norm', ...this.#attentionParts, 'proj_out']) this.layer(`${name}.${part}`);
  }
}

/** Residual blocks of a level. */
const SIDES = [
  ['encoder.down', 2],
  ['decoder.up', 3],
] as const;

/**
 * All layers of encoder and decoder, and the convolutions between them and the latent.
 *
 * @param hasAttention whether attention follows a residual block; `name` is that of the attention
 */
export function addAutoencoder(
  layers: LayerKeys,
  levels: number,
  hasAttention: (level: number, name: string) => boolean,
): void {
  addConvolutions(layers, levels);
  for (const [side, blocks] of SIDES) {
    for (let level = 0; level < levels; level++) {
      for (let block = 0; block < blocks; block++) {
        const attention = `${side}.${level}.attn.${block}`;
        if (hasAttention(level, attention)) layers.attention(attention);
      }
    }
  }
  layers.attention('encoder.mid.attn_1');
  layers.attention('decoder.mid.attn_1');
  layers.layer('quant_conv');
  layers.layer('post_quant_conv');
}

/** The layers of an encoder and a decoder without attention. */
export function addConvolutions(layers: LayerKeys, levels: number): void {
  for (const [side, blocks] of SIDES) {
    for (let level = 0; level < levels; level++) {
      for (let block = 0; block < blocks; block++) layers.residual(`${side}.${level}.block.${block}`);
    }
  }
  for (let level = 0; level < levels - 1; level++) {
    layers.layer(`encoder.down.${level}.downsample.conv`);
    layers.layer(`decoder.up.${level + 1}.upsample.conv`);
  }
  for (const side of ['encoder', 'decoder']) {
    for (const part of ['conv_in', 'norm_out', 'conv_out']) layers.layer(`${side}.${part}`);
    layers.residual(`${side}.mid.block_1`);
    layers.residual(`${side}.mid.block_2`);
  }
}
