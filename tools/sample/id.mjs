// Feature ids: FNV-1a, 64 bits, over the UTF-8 bytes of "naturalearth:" and
// the feature's code, shifted right by 11: 53 bits, which JavaScript holds
// exactly. Never 0. Package resources/sample computes the same in Go.
export function featureId(code) {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(`naturalearth:${code}`)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return Number(hash >> 11n) || 1;
}
