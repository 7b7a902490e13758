/**
 * How every Chromium of ours is started: without a sandbox, for root has none in a container;
 * without a graphics card; and without anything that would call somewhere by itself.
 */
export const chromiumArguments: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
