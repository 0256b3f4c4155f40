/**
 * Settings that are burnt into the packaged Electron binary (FuseV1), under the names of electron-builder's
 * `electronFuses`. They close the ways in which the signed program could be made to run somebody else's code.
 * Source: https://www.electronjs.org/docs/latest/tutorial/fuses
 */
export const FUSES = {
  runAsNode: false,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  onlyLoadAppFromAsar: true,
  enableEmbeddedAsarIntegrityValidation: true,
  enableCookieEncryption: true,
  grantFileProtocolExtraPrivileges: false,
} as const;
