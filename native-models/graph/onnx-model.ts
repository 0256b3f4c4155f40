/**
 * A finished graph: the bytes of an ONNX ModelProto, and the folder that its external data is relative to.
 */
export interface OnnxModel {
  /** For logs and errors, such as `var/transformer`. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Absolute path of the folder that holds the files which initializers point into; undefined when all are inline. */
  readonly folder: string | undefined;
}
